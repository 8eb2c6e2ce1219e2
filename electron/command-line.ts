import { parseArgs } from "node:util";

export interface DesktopOptions {
  dataDirectory?: string;
  httpPort?: number;
  /** `first-start`: simulated systems while nothing is configured. */
  playground: "first-start" | "never";
  /** Start everything, then quit with success: a check of a package. */
  smoke: boolean;
}

export interface HeadlessOptions {
  port: number;
  tokenFile?: string;
  dataDirectory?: string;
  playground: "first-start" | "always" | "never";
}

/** Reads the desktop application's own arguments; Electron's and Chromium's are left alone. */
export function readDesktopOptions(argv: readonly string[]): DesktopOptions {
  const { values } = parseArgs({
    args: argv.slice(1),
    strict: false,
    options: {
      data: { type: "string" },
      "http-port": { type: "string" },
      "no-playground": { type: "boolean" },
      smoke: { type: "boolean" },
    },
  });
  return {
    dataDirectory: text(values.data),
    httpPort: values["http-port"] === undefined ? undefined : port(text(values["http-port"])),
    playground: values["no-playground"] ? "never" : "first-start",
    smoke: values.smoke === true,
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
      playground: { type: "boolean" },
      "no-playground": { type: "boolean" },
    },
  });
  return {
    port: values.port === undefined ? 0 : port(values.port),
    tokenFile: values["token-file"],
    dataDirectory: values.data,
    playground: values.playground ? "always" : values["no-playground"] ? "never" : "first-start",
  };
}

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function port(value: string | undefined): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new Error(`a port is a whole number from 0 to 65535, not "${value ?? ""}"`);
}
