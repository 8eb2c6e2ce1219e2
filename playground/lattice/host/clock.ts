import { randomBytes } from "node:crypto";

let wallOffset = wallClock() - process.hrtime.bigint();

function wallClock(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}

function nanoseconds(): bigint {
  const now = process.hrtime.bigint() + wallOffset;
  const drift = wallClock() - now;
  if (drift < 1_000_000_000n && drift > -1_000_000_000n) return now;
  // The machine slept or its clock was set: follow the wall clock again.
  wallOffset += drift;
  return now + drift;
}

/** The present time as RFC 3339 UTC with nine fractional digits (wasmcloud-control §4.1). */
export function timestamp(): string {
  const now = nanoseconds();
  const seconds = new Date(Number(now / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(now % 1_000_000_000n).padStart(9, "0")}Z`;
}

/** A ULID in UUID layout: 48 bits of time, then random bits without a version (wasmcloud-control §4.1). */
export function eventId(): string {
  const digits = Date.now().toString(16).padStart(12, "0") + randomBytes(10).toString("hex");
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ];
  return parts.join("-");
}

const longUnits = [
  { name: "year", seconds: 31_557_600 },
  { name: "month", seconds: 2_630_016 },
  { name: "day", seconds: 86_400 },
];
const shortUnits = [
  { name: "h", seconds: 3600 },
  { name: "m", seconds: 60 },
  { name: "s", seconds: 1 },
];

/** Writes an uptime for people: 3661 seconds are `1h 1m 1s` (wasmcloud-control §3.1). */
export function humanUptime(seconds: number): string {
  let rest = seconds;
  const take = (unit: number): number => {
    const amount = Math.floor(rest / unit);
    rest -= amount * unit;
    return amount;
  };
  const words: string[] = [];
  for (const unit of longUnits) {
    const amount = take(unit.seconds);
    if (amount > 0) words.push(`${amount}${unit.name}${amount > 1 ? "s" : ""}`);
  }
  for (const unit of shortUnits) {
    const amount = take(unit.seconds);
    if (amount > 0) words.push(`${amount}${unit.name}`);
  }
  return words.length > 0 ? words.join(" ") : "0s";
}
