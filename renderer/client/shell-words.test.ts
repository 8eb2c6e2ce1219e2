import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shellLine, shellNote } from "./shell-words.ts";

describe("shellLine", () => {
  it.each(["/bin/bash", "/bin/dash"])("gives %s every word as it was", (shell) => {
    const word = fc.string({
      unit: fc.oneof(fc.constantFrom(..."'\"\\$`!;&|<>(){}[]*?~#=% \n"), fc.string()),
    });
    const legal = word.filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(fc.array(legal, { minLength: 1, maxLength: 40 }), (words) => {
        const read = execFileSync(shell, ["-c", `printf '%s\\0' ${shellLine(words)}`]).toString();
        expect(read.split("\0").slice(0, -1)).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  it("leaves plain words bare, so that a command stays readable", () => {
    const plain = ["wash", "config", "put", "--lattice", "A=1", "nats://a.test:4222", "x/cart:2@sha256"];
    expect(shellLine(plain)).toBe(plain.join(" "));
    expect(shellLine(["", "a b", "=ls", "it's"])).toBe(`'' 'a b' '=ls' 'it'"'"'s'`);
  });

  it("puts no backslash between single quotes, where fish would read it", () => {
    expect(shellLine(["a\\'; b"])).toBe(`'a'"\\\\'"'; b'`);
  });
});

describe("shellNote", () => {
  it("is one line of characters that mean nothing to a shell, for zsh runs what stands after a #", () => {
    expect(shellNote("no command for x\n$(y);`z`'\"\u2028\u007f")).toBe("# no command for xyz\n");
  });
});
