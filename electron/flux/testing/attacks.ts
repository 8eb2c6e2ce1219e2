import { damagedText } from "../../../recordings/fuzz.ts";
import { hostileVersion, jsonText } from "../../../shared/testing/hostile-json.ts";
import type { Attack } from "./hostile-peer.ts";

/** What the console takes of one answer in these tests, and what it passes over. */
export const attackedLimits = { messageBytes: 400_000, skippedBytes: 1_000_000 };

interface Answer {
  result: unknown;
  error: string | null;
}

const wrongIds = [-1, 0.5, 1e308, 2 ** 64, "7", "", null, true, [0], {}, 999_999_999];
const largeNumbers = ["1e400", "-1e400", "9".repeat(400), "1e-400", "0x10", "-", "1e", "Infinity"];
const closeCodes = [1000, 1001, 1002, 1008, 1009, 1011, 3000, 4999];

function line({ result, error }: Answer, id: unknown): string {
  return `${jsonText({ id, result, error })}\n`;
}

/** Bytes that follow from the seed. */
function bytesFrom(seed: number, length: number): Buffer {
  let state = seed;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
      return (state >>> 16) & 0xff;
    }),
  );
}

/** Ways to answer a call badly; each does the same again for the same seed. */
export const attacks: Record<string, (answer: Answer, seed: number) => Attack> = {
  "parts of it replaced":
    ({ result, error }, seed) =>
    (peer, { id }) =>
      peer.send(`${jsonText(hostileVersion({ id, result, error }, seed))}\n`),
  "its result replaced":
    (answer, seed) =>
    (peer, { id }) =>
      peer.send(line({ ...answer, result: hostileVersion(answer.result, seed) }, id)),
  "cut or damaged":
    (answer, seed) =>
    (peer, { id }) =>
      peer.send(damagedText(line(answer, id), seed)),
  "another id": (answer, seed) => (peer) => peer.send(line(answer, wrongIds[seed % wrongIds.length])),
  "twice, and others that nobody asked for":
    (answer, seed) =>
    (peer, { id }) => {
      for (const each of [id + 1 + (seed % 9), id, id, id - 1, id]) peer.send(line(answer, each));
    },
  "as text":
    (answer) =>
    (peer, { id }) =>
      peer.send(line(answer, id), { isBinary: false }),
  "in frames, with empty ones and a text between":
    (answer, seed) =>
    (peer, { id }) => {
      const text = line(answer, id);
      const cut = seed % text.length;
      peer.send("", { isWhole: true });
      peer.send(text.slice(0, cut), { frameBytes: 1 + (seed % 97) * 64 });
      peer.send("\ud800{", { isBinary: false });
      peer.send(text.slice(cut), { frameBytes: 4_096 });
    },
  "in a message that does not end":
    (answer, seed) =>
    (peer, { id }) =>
      peer.send(line(answer, id).slice(0, seed % 5_000), { frameBytes: 1 + (seed % 5_000), isWhole: false }),
  "several in one message, and one in several":
    (answer, seed) =>
    (peer, { id }) => {
      const text = line(answer, id - 1) + line(answer, id) + line(answer, id + 1);
      const cut = seed % text.length;
      peer.send(text.slice(0, cut));
      peer.send(text.slice(cut));
    },
  "nested without end":
    (_answer, seed) =>
    (peer, { id }) => {
      const depth = 100 + (seed % 100_000);
      peer.send(
        `{"id":${id},"result":${"[".repeat(depth)}${seed % 2 ? "]".repeat(depth) : ""},"error":null}`,
      );
    },
  "with numbers that are none":
    (answer, seed) =>
    (peer, { id }) => {
      const number = largeNumbers[seed % largeNumbers.length] as string;
      const places = [...line(answer, id).matchAll(/(?<=[:[,])\d+/g)];
      const { index = 0, 0: digits = "" } = places[seed % Math.max(1, places.length)] ?? {};
      const text = line(answer, id);
      peer.send(text.slice(0, index) + number + text.slice(index + digits.length));
    },
  "too large":
    (answer, seed) =>
    (peer, { id }) => {
      const bytes = seed % 4 === 0 ? attackedLimits.skippedBytes : attackedLimits.messageBytes;
      const padding = "x".repeat(bytes + (seed % 1_000));
      const head =
        seed % 3 === 0 ? `{"result":"${padding}","id":${id}}` : `{"id":${id},"result":"${padding}"}`;
      peer.send(`${head}\n${line(answer, id)}`, { frameBytes: seed % 2 ? 4_096 : 2_000_000 });
    },
  "bytes that are no text":
    (answer, seed) =>
    (peer, { id }) => {
      const text = line(answer, id);
      const cut = seed % text.length;
      peer.send(
        Buffer.concat([Buffer.from(text.slice(0, cut)), bytesFrom(seed, 9), Buffer.from(text.slice(cut))]),
      );
    },
  "bytes that are no frames": (_answer, seed) => (peer) => peer.sendRaw(bytesFrom(seed, 1 + (seed % 300))),
  "a frame of more than there is": (_answer, seed) => (peer) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(seed) << BigInt(seed % 34));
    peer.sendRaw(Buffer.concat([Buffer.from([0x82, 0xff]), length, bytesFrom(seed, 4 + (seed % 50))]));
  },
  "and a hang-up in the middle":
    (answer, seed) =>
    (peer, { id }) => {
      peer.send(line(answer, id).slice(0, seed % 2_000));
      if (seed % 3 === 0) peer.break();
      else if (seed % 3 === 1) peer.halfClose();
      else peer.hangUp(closeCodes[seed % closeCodes.length] as number);
    },
};
