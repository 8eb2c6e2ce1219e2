/** Where the routes of a Flux listener begin. */
export const fluxPath = "/connections/{connectionId}/flux" as const;

/** Where the routes of one daemon begin. */
export const onDaemonPath = `${fluxPath}/daemons/{daemonId}` as const;
