import {
  type ErrorBody,
  endingJudgement,
  type Judgement,
  refusedJudgement,
  sentence,
  unclearJudgement,
} from "./judgement.ts";
import { explainCode, isScriptCode, retryClassOf } from "./retry-classes.ts";

/** What an answer with 500 or more means. */
export function judgeServerSide(status: number, body: ErrorBody): Judgement {
  // Streams are closed first when a server ends; the kind is that of things which a backend never can (flowfabric-admin §1.7.7).
  if (body.error === "backend op unavailable: stream_ops") return endingJudgement;
  if (body.kind === "unavailable")
    return refusedJudgement(
      `The server's backend cannot do this: ${sentence(body.error.replace(/^backend op unavailable: /, ""), "it does not say why.")}`,
      body.error.includes("keystore empty")
        ? "Rotate in a first waitpoint secret: on this backend that is what installs one."
        : "This stays so for this backend; trying again does not help.",
    );
  const scriptCode = scriptCodeOf(body.error);
  if (scriptCode !== undefined) return judgeScriptCode(scriptCode, body);
  if (body.kind === "retry_exhausted")
    return {
      ...refusedJudgement("Postgres gave up after several conflicting transactions."),
      hint: "Nothing was changed. Try again in a moment.",
      retry: "later",
    };
  const backend = backendErrorOf(body.error);
  if (backend !== undefined) return judgeBackend(backend, body);
  if (status === 504) return judgeLate(body);
  return unclearJudgement(
    "unreachable",
    status === 500
      ? sentence(body.error, "The server failed inside.")
      : `The server is not available (status ${status}).`,
    "The server's backend may be down, and what was asked may have happened: look at the present state before you send it again.",
  );
}

/** What a backend's transport said, behind the label of the call. */
function backendErrorOf(error: string): string | undefined {
  return /transport \([a-z]+\): (.*)$/s.exec(error)?.[1];
}

/**
 * Valkey-backed servers wrap a script's refusal as a transport error, with the code where a broken backend has `valkey`
 * (flowfabric-admin §1.5, §3.7); only a word that is a code proves that nothing was applied.
 */
export function scriptCodeOf(error: string): string | undefined {
  const inner = backendErrorOf(error) ?? "";
  const word = /^(?:parse error: .*?: (?:unknown error code: )?)?([a-z_]+)(?::|$)/.exec(inner)?.[1] ?? "";
  return isScriptCode(word) ? word : undefined;
}

function judgeScriptCode(scriptCode: string, body: ErrorBody): Judgement {
  const retry = retryClassOf(scriptCode) === "retryable" ? "later" : "never";
  const message = explainCode(scriptCode) ?? sentence(body.error, "The server's script refused.");
  return {
    ...refusedJudgement(message),
    code: scriptCode.endsWith("_not_found") ? "not_found" : "upstream_refused",
    hint:
      retry === "later"
        ? "Nothing was changed. This may pass: try again in a moment."
        : "Nothing was changed, and sending it again does not help, whatever the server's answer says.",
    retry,
  };
}

const missingFunctions = /^valkey: server error - ResponseError: Function not found/;
const damagedRecord = /WRONGTYPE/;

/** The backend behind the server failed: what it had received by then, it may still carry out (flowfabric-admin §1.5). */
function judgeBackend(said: string, { error }: ErrorBody): Judgement {
  if (missingFunctions.test(said))
    return refusedJudgement(
      "Valkey has lost FlowFabric's functions: it came back empty, and ff-server was not restarted.",
      "Nothing was changed. Restart ff-server, which loads the functions when it starts.",
    );
  if (damagedRecord.test(said))
    return unclearJudgement(
      "upstream_invalid",
      "A record in the server's Valkey is damaged: its key holds something else.",
      "Mend the record in Valkey, and look at the present state before you send it again.",
    );
  // The label names what the server was doing: a script may be carried out, a reading before it is not.
  const reading = !error.includes("FCALL");
  return {
    ...unclearJudgement(
      "unreachable",
      backendMessage(said),
      reading
        ? "It failed while the server was still reading, before anything was written. Look at Valkey, and look at the present state before you send it again."
        : "Valkey carries out what it received when it wakes up: look at the present state before you send it again.",
    ),
    backendDown: true,
  };
}

/** The server's client for a node of a cluster that is gone. */
const lostNode = /ConnectionNotFoundForRoute: (\S+)$/;

function backendMessage(said: string): string {
  if (/timed out/.test(said)) return "The backend is down: the server's Valkey did not answer in time.";
  const node = lostNode.exec(said)?.[1];
  if (node !== undefined)
    return `The backend is down in part: the server cannot reach ${node}, a node of its Valkey cluster that is down, or failing over.`;
  return `The backend is down: ${sentence(said.replace(/^valkey: /, ""), "the server cannot reach it.")}`;
}

function judgeLate({ error }: ErrorBody): Judgement {
  const rotation = error.startsWith("rotation exceeded");
  return {
    code: "timeout",
    message: rotation
      ? "The server stopped waiting for the rotation; calls that were under way may still finish."
      : "A proxy stopped waiting for the server.",
    hint: rotation
      ? "Sending the very same request again is safe for a rotation."
      : "It may have been carried out: look at the present state before you send it again.",
    retry: rotation ? "now" : "check-first",
    refused: false,
  };
}
