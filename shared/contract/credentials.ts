import { parseBoundedJson } from "./bounded-json.ts";

/** What stands for a value that is not shown. */
export const maskedValue = "(secret)";

const secretWord =
  /^(pass|password|passwd|passphrase|pwd|secrets?|tokens?|key|keys|apikey|credentials?|creds|auth|authorization|bearer|cookie|jwt|nkey|seed|dsn)$/;
const secretPart = /password|passwd|secret|token|credential|apikey|privatekey|accesskey/;

/** Whether a name says that what it names is a credential: `DB_PASSWORD`, `apiKey`, `registry-token`. */
function namesCredential(name: string): boolean {
  const words = name
    .slice(0, 200)
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return secretPart.test(words.join("")) || words.some((word) => secretWord.test(word));
}

const shapes = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/,
  /^\s{0,20}(?:bearer|basic) \S/i,
  // A JSON web token, and the seed of an nkey.
  /\beyJ[\w-]{8,}\.[\w-]{8,}\./,
  /\bS[ACNOUX][A-Z2-7]{56}\b/,
  // Of an address's query, or of a connection text such as `host=db password=…`.
  /(?:^|[?&;,\s])(?:password|passwd|pwd|secret|token|api_?key|access_?key|client_secret|accountkey|sharedaccesskey)\s{0,5}=\s{0,5}\S/i,
];

/** Whether a text holds a credential by its shape, such as an address with user and password. */
function holdsCredential(text: string): boolean {
  return hasUserInAddress(text) || shapes.some((shape) => shape.test(text));
}

const longestAuthority = 2_000;

/** Looks from each `://` on: a pattern for the whole address would go back through a long text again and again. */
function hasUserInAddress(text: string): boolean {
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    const [authority = ""] = text.slice(at + 3, at + 3 + longestAuthority).split(/[\s/?#"'<>]/, 1);
    const user = authority.slice(0, Math.max(0, authority.lastIndexOf("@")));
    if (user.includes(":")) return true;
  }
  return false;
}

/** Whether a value is kept out of what the console records: because of its name, or because of what it looks like. */
export function isCredential(name: string, value: string): boolean {
  return value !== "" && (namesCredential(name) || holdsCredential(value));
}

/** A map as it may be recorded: what looks like a credential is masked, every key stays. */
export function withoutCredentials(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).map(([name, value]) => [name, isCredential(name, value) ? maskedValue : value]),
  );
}

/** A text as it may be recorded: in JSON, what looks like a credential is masked; any other text as a whole. */
export function textWithoutCredentials(text: string): string {
  let value: unknown;
  try {
    value = parseBoundedJson(text);
  } catch {
    return holdsCredential(text) ? maskedValue : text;
  }
  const masked = maskedPart("", value);
  // The text itself keeps digits that a number would lose.
  return masked.changed ? JSON.stringify(masked.value) : text;
}

function maskedPart(name: string, value: unknown): { value: unknown; changed: boolean } {
  if (typeof value === "string") {
    const changed = isCredential(name, value);
    return { value: changed ? maskedValue : value, changed };
  }
  if (typeof value === "number" && namesCredential(name)) return { value: maskedValue, changed: true };
  if (typeof value !== "object" || value === null) return { value, changed: false };
  if (Array.isArray(value)) {
    const parts = value.map((part) => maskedPart(name, part));
    return { value: parts.map((part) => part.value), changed: parts.some(({ changed }) => changed) };
  }
  const parts = Object.entries(value).map(([key, part]) => [key, maskedPart(key, part)] as const);
  return {
    value: Object.fromEntries(parts.map(([key, part]) => [key, part.value])),
    changed: parts.some(([, part]) => part.changed),
  };
}
