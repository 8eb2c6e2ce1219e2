import type { Msg } from "nats";
import type { TimerGroup } from "../../kit/timers.ts";
import type { HostFaults } from "./faults.ts";
import type { Reply } from "./host-context.ts";

/** Publishes and lets a message above the server's limit vanish, as real hosts do (wasmcloud-control §4.4). */
export function quietly(send: () => void): void {
  try {
    send();
  } catch {
    // The connection is closed or the payload too large: nobody hears of it on the wire either.
  }
}

function spoil(faults: HostFaults, verb: string, reply: Reply): string {
  if (faults.take("garbageReply", verb)) return "<html>502 Bad Gateway</html>";
  const text = JSON.stringify(reply);
  const half = faults.take("halfEnvelope", verb);
  if (half?.form === "noMessage") return JSON.stringify({ ...reply, message: undefined });
  if (half) return text.slice(0, Math.ceil(text.length / 2));
  const huge = faults.take("hugeReply", verb);
  if (!huge) return text;
  const padding = Math.max(0, (huge.bytes ?? 2 * 1024 * 1024) - text.length);
  return JSON.stringify({ ...reply, padding: "x".repeat(padding) });
}

/** Sends one reply, spoiled by whatever faults are in force for this verb. */
export function sendReply(
  message: Msg,
  verb: string,
  reply: Reply,
  faults: HostFaults,
  timers: TimerGroup,
): void {
  if (!message.reply) return;
  const text = spoil(faults, verb, reply);
  const foreign = faults.take("foreignReply", verb);
  if (foreign) quietly(() => message.respond(Buffer.from(JSON.stringify({ stream: "capture", seq: 42 }))));
  const respond = (): void => quietly(() => message.respond(Buffer.from(text)));
  const slow = faults.take("slowReply", verb);
  if (slow) timers.after(slow.milliseconds, respond);
  else respond();
}
