/** What a host of a given version does differently on the wire (wasmcloud-control Appendix A). */
export interface HostFeatures {
  successTexts: boolean;
  allowUpdate: boolean;
  /** Every scale request ends in an event; a first start emits two. */
  everyScaleReported: boolean;
  /** A zero comes whenever an instance ends, in a resize and a change of configs too. */
  zeroWhenInstanceEnds: boolean;
  /** An update is answered with a text, and refused for what does not run. */
  updateReplies: boolean;
  /** An update lets the old code go on answering. */
  updateLeavesOldCode: boolean;
  heartbeatConfigurable: boolean;
  archiveErrorNamesTarget: boolean;
  stopWithoutImage: boolean;
  missingProviderConfigRefused: boolean;
  linkNamesValidated: boolean;
  linkFailureEvent: boolean;
  /** Which second target of a link is refused: none, every one, or one with an interface in common. */
  linkConflictRule: "none" | "target" | "interface";
  linkDeletedTarget: boolean;
  componentAuctionById: boolean;
  separateAuctions: boolean;
  labelDeletionNeedsValue: boolean;
  coreLabelsProtected: boolean;
  stopBodyChecked: boolean;
  startFailureHostId: boolean;
  eventHostFromBody: boolean;
  claimsValidity: boolean;
  providerRestart: boolean;
  builtinProviders: "unknown" | "failure-event" | "silent";
  limits: boolean;
  controlHostShowsRpc: boolean;
  startedBeforeSubscribed: boolean;
  linkPutUpdatesOwnCache: boolean;
  linkDeleteUpdatesOwnCache: boolean;
  configErrorPrefix: string;
  providerReferenceNormalised: boolean;
}

function versionNumber(version: string): number {
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  if (!match) throw new Error(`not a host version: ${version}`);
  return Number(match[1]) * 1_000_000 + Number(match[2]) * 1000 + Number(match[3]);
}

function linkConflictRule(since: (first: string) => boolean): HostFeatures["linkConflictRule"] {
  if (since("1.5.0")) return "interface";
  return since("1.3.0") ? "target" : "none";
}

/** Derives the behaviour flags of a host from its version (wasmcloud-control Appendix A). */
export function hostFeatures(version: string): HostFeatures {
  const own = versionNumber(version);
  const since = (first: string): boolean => own >= versionNumber(first);
  const only = (...versions: string[]): boolean => versions.some((other) => own === versionNumber(other));
  const restructured = only("1.9.0", "1.9.1");
  const disabledBuiltin = since("1.8.0") ? "silent" : "failure-event";
  return {
    successTexts: since("1.3.0"),
    allowUpdate: since("1.1.0"),
    everyScaleReported: since("1.1.1"),
    zeroWhenInstanceEnds: only("1.0.0"),
    updateReplies: since("1.0.1"),
    updateLeavesOldCode: since("1.0.1"),
    heartbeatConfigurable: since("1.1.1"),
    archiveErrorNamesTarget: since("1.0.1"),
    stopWithoutImage: since("1.5.1"),
    missingProviderConfigRefused: !since("1.1.0"),
    linkNamesValidated: since("1.1.0"),
    linkFailureEvent: since("1.2.0"),
    linkConflictRule: linkConflictRule(since),
    linkDeletedTarget: since("1.3.0"),
    componentAuctionById: !since("1.3.0"),
    separateAuctions: since("1.5.1"),
    labelDeletionNeedsValue: !since("1.5.1"),
    coreLabelsProtected: since("1.8.0"),
    stopBodyChecked: since("1.1.0"),
    startFailureHostId: since("1.5.1"),
    eventHostFromBody: since("1.6.0"),
    claimsValidity: since("1.5.1"),
    providerRestart: since("1.6.0"),
    builtinProviders: since("1.5.0") ? disabledBuiltin : "unknown",
    limits: since("1.9.0"),
    controlHostShowsRpc: restructured,
    startedBeforeSubscribed: restructured,
    linkPutUpdatesOwnCache: only("1.9.0"),
    linkDeleteUpdatesOwnCache: restructured,
    configErrorPrefix: restructured ? "Failed to get config: " : "",
    providerReferenceNormalised: since("1.5.0"),
  };
}
