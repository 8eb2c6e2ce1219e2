import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cmd } from "./cmd.ts";
import { command, type Shell, scriptOf, type Word } from "./command-line.ts";
import { powershell7, powershell7Elsewhere, windowsPowershell } from "./powershell.ts";

// Neither cmd.exe nor PowerShell runs where these tests do: what follows holds the lines against the rules as they
// are documented, written down here once more by themselves.

const lineOf = (shell: Shell, ...words: Word[]) => scriptOf([command("wash", ...words)], shell);

/** How a Windows program takes its command line apart: the rules of the C runtime, which Rust and Go programs follow. */
function argumentsIn(commandLine: string): string[] {
  const parts = [...commandLine.matchAll(/(\\*)"|(.)/g)];
  let inside = false;
  // A NUL, which no argument can have, ends each of them.
  const text = parts.map(([, slashes, character = ""]) => {
    if (slashes === undefined) return character === " " && !inside ? "\0" : character;
    const isLiteral = slashes.length % 2 === 1;
    if (!isLiteral) inside = !inside;
    return "\\".repeat(Math.floor(slashes.length / 2)) + (isLiteral ? '"' : "");
  });
  return text.join("").split("\0");
}

/** What cmd.exe makes of a line; throws where it would do anything but start one program. */
function throughCmd(line: string): string {
  let out = "";
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] as string;
    if (character === "^" && !quoted) {
      at += 1;
      out += line[at] ?? "";
      continue;
    }
    if (character === '"') quoted = !quoted;
    if (!quoted && /[&|<>()]/.test(character)) throw new Error(`cmd.exe reads ${character}`);
    if (/[%!\r\n]/.test(character)) throw new Error(`cmd.exe reads ${character}`);
    out += character;
  }
  return out;
}

/** The strings of a PowerShell line of bare words and single quotes; throws where it would be anything else. */
function throughPowershell(line: string): string[] {
  const words: string[] = [];
  let rest = line;
  while (rest !== "") {
    const bare = /^[\w./:-]+/.exec(rest)?.[0];
    const single = /^'((?:[^'‘’‚‛]|(['‘’‚‛])['‘’‚‛])*)'/.exec(rest);
    if (bare === undefined && !single) throw new Error(`PowerShell reads ${rest}`);
    words.push(bare ?? (single?.[1] ?? "").replaceAll(/(['‘’‚‛])['‘’‚‛]/g, "$1"));
    rest = rest.slice((bare ?? single?.[0] ?? "").length).replace(/^ /, "");
  }
  return words;
}

/** Windows PowerShell 5.1 puts words with blanks into quotes, and changes nothing else. */
function joinedBy51(words: string[]): string {
  return words.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ");
}

const ascii = fc.string({ unit: fc.constantFrom(..."'\"\\`$&|<>()^;, =-@{}[]a1."), maxLength: 12 });

describe("cmd.exe", () => {
  it.each([
    ["plain-1.2:3", "plain-1.2:3"],
    ["", '^"^"'],
    ["a b", '^"a b^"'],
    ["&calc&", '^"^&calc^&^"'],
    ['{"a":"b c"}', '^"{\\^"a\\^":\\^"b c\\^"}^"'],
    ["a b\\", '^"a b\\\\^"'],
    ['\\"', '^"\\\\\\^"^"'],
    ["^|<>()", '^"^^^|^<^>^(^)^"'],
  ])("gets %j as %s", (word, text) => {
    expect(lineOf(cmd, word)).toBe(`wash.exe ${text}`);
  });

  it.each([
    ["%PATH%", /% and !/],
    ["100%", /% and !/],
    ["hi!", /% and !/],
    ["a\nb", /control characters/],
    ["ü", /changed/],
    ["＂&calc", /changed/],
    ["x".repeat(9_000), /too long/],
  ])("is not given %j", (word, why) => {
    expect(() => lineOf(cmd, word)).toThrow(why);
  });

  it("starts one program with the same words, whatever they hold", () => {
    fc.assert(
      fc.property(fc.array(ascii, { maxLength: 4 }), (words) => {
        expect(argumentsIn(throughCmd(lineOf(cmd, ...words)))).toEqual(["wash.exe", ...words]);
      }),
    );
  });

  it("has the token read by curl, and its variables between %", () => {
    const address = {
      before: "http://127.0.0.1:",
      variable: "SWITCHYARD_PORT",
      after: "/api/x?a=1&b=2",
    } as const;
    expect(cmd.command({ bearer: true, rows: [["curl", "-X", "GET"], [address]] })).toBe(
      'curl.exe --variable "token@%SWITCHYARD_TOKEN_FILE%" --expand-header "Authorization: Bearer {{token:trim}}" ' +
        '-X GET "http://127.0.0.1:%SWITCHYARD_PORT%/api/x?a=1&b=2"',
    );
    expect(scriptOf([{ note: "left out & gone" }], cmd)).toBe("rem left out  gone");
    expect(cmd.assignment("SWITCHYARD_PORT", "41")).toBe('set "SWITCHYARD_PORT=41"');
  });
});

describe("Windows PowerShell 5.1", () => {
  it.each([
    ["plain", "plain"],
    ["--host-id", "--host-id"],
    ["--", "'--'"],
    ["1kb", "'1kb'"],
    ["a.b:c", "a.b:c"],
    ["-a.b", "'-a.b'"],
    ["@x", "'@x'"],
    ["it's", "'it''s'"],
    ["$(calc)", "'$(calc)'"],
    ["", "'\"\"'"],
    ['{"a":1}', `'{\\"a\\":1}'`],
    ['\\"', `'\\\\\\"'`],
  ])("gets %j as %s", (word, text) => {
    expect(lineOf(windowsPowershell, word)).toBe(`wash.exe ${text}`);
  });

  it("is not given a word with blanks that ends with a backslash, nor other characters than ASCII", () => {
    expect(() => lineOf(windowsPowershell, "a b\\")).toThrow(/backslash/);
    for (const word of ["’; calc", "ü", "＂"])
      expect(() => lineOf(windowsPowershell, word)).toThrow(/changed/);
  });

  it("starts one program with the same words, whatever they hold", () => {
    const word = ascii.filter((text) => !/ .*\\$/.test(text));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), (words) => {
        const passed = joinedBy51(throughPowershell(lineOf(windowsPowershell, ...words)));
        expect(argumentsIn(passed)).toEqual(["wash.exe", ...words]);
      }),
    );
  });
});

describe("PowerShell 7.3", () => {
  it("gets words as they are, behind a check where an older one would take them apart", () => {
    expect(lineOf(powershell7, "it's", "a b")).toBe("wash.exe 'it''s' 'a b'");
    expect(lineOf(powershell7, { json: '{"a":"ü"}' })).toBe(
      `if ($PSNativeCommandArgumentPassing -in 'Standard', 'Windows') { wash.exe '{"a":"\\u00fc"}' } ` +
        "else { throw 'This command is for PowerShell 7.3 or later' }",
    );
    for (const word of ["", 'a"b', "a b\\"]) expect(lineOf(powershell7, word)).toMatch(/^if /);
  });

  it("has the typographic quotes doubled too, for they end a string like the plain one", () => {
    expect(lineOf(powershell7Elsewhere, "a‘b’c‚d‛e'f")).toBe("wash 'a‘‘b’’c‚‚d‛‛e''f'");
    expect(throughPowershell(lineOf(powershell7Elsewhere, "’; calc"))).toEqual(["wash", "’; calc"]);
  });

  it("has the token read by curl, and its variables outside of the quotes", () => {
    const address = { before: "http://127.0.0.1:", variable: "SWITCHYARD_PORT", after: "/api/it's" } as const;
    expect(powershell7.command({ bearer: true, rows: [["curl", "-X", "GET"], [address]] })).toBe(
      `curl.exe --variable "token@$env:SWITCHYARD_TOKEN_FILE" --expand-header 'Authorization: Bearer {{token:trim}}' ` +
        "-X GET ('http://127.0.0.1:' + $env:SWITCHYARD_PORT + '/api/it''s')",
    );
    expect(powershell7.assignment("SWITCHYARD_TOKEN_FILE", "C:\\it's")).toBe(
      "$env:SWITCHYARD_TOKEN_FILE = 'C:\\it''s'",
    );
  });
});
