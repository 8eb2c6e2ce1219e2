import { parseArgs } from "node:util";
import { type Guard, guardSchema } from "../../shared/contract/index.ts";

interface CommonOptions {
  /** Milliseconds to wait for evidence of what may have to fetch an image, where the usual time does not suit. */
  imageWaitMs?: number;
  /** Whether connections may lead to link-local addresses and to those of a cloud's metadata service. */
  allowLinkLocal: boolean;
}

export interface DesktopOptions extends CommonOptions {
  dataDirectory?: string;
  httpPort?: number;
  /** `first-start`: simulated systems while nothing is configured. */
  playground: "first-start" | "never";
  /** Start everything, then quit with success: a check of a package. */
  smoke: boolean;
}

export interface HeadlessOptions extends CommonOptions {
  port: number;
  tokenFile?: string;
  dataDirectory?: string;
  /** Folder of the files that a caller over HTTP may name. */
  filesDirectory?: string;
  playground: "first-start" | "always" | "never";
  /** Look at a data folder that another console may have, and change nothing. */
  readOnly: boolean;
  /** New guards of saved connections, by id: the way to loosen a read-only one where there is no window. */
  guards: ReadonlyMap<string, Guard>;
}

const desktopOptions = {
  data: { type: "string" },
  "http-port": { type: "string" },
  "image-wait": { type: "string" },
  "no-playground": { type: "boolean" },
  "allow-link-local": { type: "boolean" },
  smoke: { type: "boolean" },
} as const;

export const desktopOptionNames: readonly string[] = Object.keys(desktopOptions);

/** Reads the desktop application's own arguments; Electron's and Chromium's are left alone. */
export function readDesktopOptions(argv: readonly string[]): DesktopOptions {
  const { values } = parseArgs({
    args: argv.slice(1),
    strict: false,
    options: desktopOptions,
  });
  return {
    dataDirectory: text(values.data),
    httpPort: values["http-port"] === undefined ? undefined : port(text(values["http-port"])),
    playground: values["no-playground"] ? "never" : "first-start",
    smoke: values.smoke === true,
    allowLinkLocal: values["allow-link-local"] === true,
    imageWaitMs: seconds(text(values["image-wait"])),
  };
}

/** Reads the arguments of `npm run serve`; throws an Error that names what is wrong. */
export function readHeadlessOptions(argv: readonly string[]): HeadlessOptions {
  const { values } = parseArgs({
    args: [...argv],
    strict: true,
    options: {
      port: { type: "string" },
      "token-file": { type: "string" },
      data: { type: "string" },
      files: { type: "string" },
      "allow-link-local": { type: "boolean" },
      playground: { type: "boolean" },
      "no-playground": { type: "boolean" },
      "image-wait": { type: "string" },
      guard: { type: "string", multiple: true },
      "read-only": { type: "boolean" },
    },
  });
  const readOnly = values["read-only"] === true;
  if (readOnly && values.guard) throw new Error("--guard changes a connection, and --read-only nothing");
  return {
    readOnly,
    guards: new Map((values.guard ?? []).map(guard)),
    imageWaitMs: seconds(values["image-wait"]),
    port: values.port === undefined ? 0 : port(values.port),
    tokenFile: values["token-file"],
    dataDirectory: values.data,
    filesDirectory: values.files,
    allowLinkLocal: values["allow-link-local"] === true,
    playground: values.playground ? "always" : values["no-playground"] || readOnly ? "never" : "first-start",
  };
}

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function guard(value: string): [string, Guard] {
  const [id = "", wanted] = value.split("=");
  const parsed = guardSchema.safeParse(wanted);
  if (id !== "" && parsed.success) return [id, parsed.data];
  throw new Error(
    `--guard is CONNECTION=GUARD with one of ${guardSchema.options.join(", ")}, not "${value}"`,
  );
}

function port(value: string | undefined): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new Error(`a port is a whole number from 0 to 65535, not "${value ?? ""}"`);
}

function seconds(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isFinite(number) && number > 0 && number <= 86_400) return number * 1_000;
  throw new Error(`--image-wait is a number of seconds, not "${value}"`);
}
