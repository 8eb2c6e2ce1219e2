import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What became of a text that was run in a shell. */
export interface Ran {
  /** Each call of a tool with its words. */
  calls: string[][];
  /** What else happened: programs that were called and files that were written. */
  strays: string[];
}

/** How a text gets into a shell: as a script, or typed at a terminal. */
export type Way = "script" | "terminal";

/** The program that hostile texts try to run. */
export const intruder = "intruder";
export const token = "the-token";
export const port = "4101";

/** Without the person's own settings. What is typed has no marks of a paste around it, which would protect. */
const interactive: Record<string, string[]> = {
  bash: ["--norc", "--noprofile", "-i"],
  dash: ["-i"],
  zsh: ["-f", "-i"],
  fish: ["--no-config", "-i"],
};

export const shellNames = Object.keys(interactive);

export function pathOf(program: string): string | undefined {
  return ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
    .map((folder) => join(folder, program))
    .find(existsSync);
}

/** Runs a text in a shell that knows nothing but stand-ins of the tools, which write down their words. */
export function runIn(shell: string, text: string, way: Way = "script"): Ran {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-copy-"));
  try {
    const place = seed(folder);
    const options = { cwd: place.home, env: environment(place), timeout: 200_000 };
    if (way === "script") {
      writeFileSync(join(folder, "script"), `${text}\n`);
      execFileSync(pathOf(shell) ?? shell, [join(folder, "script")], {
        ...options,
        stdio: ["ignore", "ignore", "pipe"],
      });
    } else {
      const line = [pathOf(shell) ?? shell, ...(interactive[shell] ?? [])].join(" ");
      const typed = spawnSync("/usr/bin/script", ["-qec", line, "/dev/null"], {
        ...options,
        input: `${text}\nexit\n`,
        stdio: ["pipe", "ignore", "ignore"],
      });
      if (typed.error) throw typed.error;
    }
    const calls = callsIn(readFileSync(place.record, "utf8"));
    const intrusions = calls.filter(([tool]) => tool === intruder).map((words) => words.join(" "));
    return {
      calls: calls.filter(([tool]) => tool !== intruder),
      strays: [...intrusions, ...readdirSync(place.home)],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Place {
  tools: string;
  record: string;
  home: string;
  tokenFile: string;
}

function seed(folder: string): Place {
  const place = {
    tools: join(folder, "tools"),
    record: join(folder, "record"),
    home: join(folder, "home"),
    tokenFile: join(folder, "token file"),
  };
  for (const path of [place.tools, place.home]) mkdirSync(path);
  writeFileSync(place.record, "");
  writeFileSync(place.tokenFile, `${token}\n`);
  for (const tool of ["wash", "nats", "curl", intruder]) standIn(join(place.tools, tool), place.record, tool);
  symlinkSync(pathOf("sed") ?? "sed", join(place.tools, "sed"));
  return place;
}

function environment({ tools, home, tokenFile }: Place): Record<string, string> {
  return {
    PATH: tools,
    HOME: home,
    // What fish writes of its own is no stray.
    XDG_DATA_HOME: join(tools, "data"),
    XDG_CONFIG_HOME: join(tools, "config"),
    HISTFILE: "/dev/null",
    TERM: "dumb",
    LC_ALL: "C.UTF-8",
    SHELL: "/bin/sh",
    SWITCHYARD_TOKEN_FILE: tokenFile,
    SWITCHYARD_PORT: port,
  };
}

/** Writes down its words, and those that curl reads as headers. */
function standIn(file: string, record: string, tool: string): void {
  const headers = `case " $* " in *' -H @- '*) read -r header; set -- "$@" "$header" ;; esac`;
  const lines = [
    "#!/bin/sh",
    ...(tool === "curl" ? [headers] : []),
    `{ printf '%s\\0' ${tool} "$@"; printf '\\n\\0'; } >> '${record}'`,
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  chmodSync(file, 0o755);
}

/** Words end with NUL, a call with a line end as its last word. */
function callsIn(record: string): string[][] {
  return record
    .split("\0\n\0")
    .slice(0, -1)
    .map((call) => call.split("\0"));
}
