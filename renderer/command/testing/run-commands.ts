import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What became of a text that was run in a shell. */
export interface Ran {
  /** Each call of a tool with its words. */
  calls: string[][];
  /** What else happened: programs that were called and files that were written. */
  strays: string[];
}

/** The program that hostile texts try to run. */
export const intruder = "intruder";

/** Runs a text in a shell that knows nothing but stand-ins of the tools, which write down their words. */
export function runIn(shell: string, text: string): Ran {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-copy-"));
  try {
    const [tools, record, home] = ["tools", "record", "home"].map((name) => join(folder, name)) as Three;
    mkdirSync(tools);
    mkdirSync(home);
    writeFileSync(record, "");
    for (const tool of ["wash", "nats", "curl", intruder]) standIn(join(tools, tool), record, tool);
    writeFileSync(join(folder, "script"), text);
    execFileSync(shell, [join(folder, "script")], {
      cwd: home,
      env: { PATH: tools, HOME: home, LC_ALL: "C.UTF-8", SWITCHYARD_TOKEN_FILE: "/dev/null" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const calls = callsIn(readFileSync(record, "utf8"));
    const intrusions = calls.filter(([tool]) => tool === intruder).map((words) => words.join(" "));
    return {
      calls: calls.filter(([tool]) => tool !== intruder),
      strays: [...intrusions, ...readdirSync(home)],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Three = [string, string, string];

function standIn(file: string, record: string, tool: string): void {
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\0' ${tool} "$@" >> ${record}\nprintf '\\n\\0' >> ${record}\n`);
  chmodSync(file, 0o755);
}

/** Words end with NUL, a call with a line end as its last word. */
function callsIn(record: string): string[][] {
  return record
    .split("\0\n\0")
    .slice(0, -1)
    .map((call) => call.split("\0"));
}
