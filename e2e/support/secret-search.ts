import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Page } from "@playwright/test";
import { processTree } from "./listening-ports.ts";

/** A random part that occurs nowhere by accident; letters and digits alone, so that no quoting changes it. */
export function randomMark(): string {
  return randomBytes(48).toString("base64").replace(/[+/=]/g, "").slice(0, 28);
}

/** Looks for secrets in places, in each form in which a program might write them; each place proves that it was looked at. */
export class SecretSearch {
  readonly #needles = new Map<string, [form: string, bytes: Buffer][]>();
  readonly #findings: string[] = [];
  readonly #blind: string[] = [];

  /** By name, the part of each secret that is its own. */
  constructor(secrets: Readonly<Record<string, string>>) {
    for (const [name, mark] of Object.entries(secrets)) this.add(name, mark);
  }

  add(name: string, mark: string): void {
    this.#needles.set(name, formsOf(mark));
  }

  /** `control` is something that stands there for all to see. */
  look(place: string, content: string | Buffer, control: string): void {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
    if (!formsOf(control).some(([, form]) => bytes.includes(form))) this.#blind.push(place);
    this.#find(place, bytes);
  }

  /** All files of a folder; those of `meant` are there for secrets. */
  lookAtFiles(directory: string, meant: readonly string[], control: string): void {
    const files = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const contents = files
      .filter((file) => !meant.includes(relative(directory, file)))
      .map((file) => [relative(directory, file), readFileSync(file)] as const);
    if (!contents.some(([, bytes]) => bytes.includes(control))) this.#blind.push(`files of ${directory}`);
    for (const [file, bytes] of contents) this.#find(`file ${file}`, bytes);
  }

  /** Arguments and environments of a process and all that it started (Linux). */
  lookAtProcesses(pid: number, control: string): void {
    const texts = processTree(pid).flatMap((each) =>
      ["cmdline", "environ"].map((part) => [`${part} of process ${each}`, readPart(each, part)] as const),
    );
    if (!texts.some(([, bytes]) => bytes.includes(control))) this.#blind.push("processes");
    for (const [place, bytes] of texts) this.#find(place, bytes);
  }

  /** What was found, and where nothing could have been found because the control was not there either. */
  get result(): { findings: string[]; blind: string[] } {
    return { findings: this.#findings, blind: this.#blind };
  }

  #find(place: string, bytes: Buffer): void {
    for (const [name, forms] of this.#needles)
      for (const [form, needle] of forms)
        if (bytes.includes(needle)) this.#findings.push(`${name} (${form}) in ${place}`);
  }
}

function formsOf(mark: string): [string, Buffer][] {
  const bytes = Buffer.from(mark);
  // Where it begins in a longer text decides which of three texts base64 makes of it; the ends belong to its neighbours.
  const inBase64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    return text.slice(before === 0 ? 0 : 4, -2);
  });
  return [
    ["text", bytes],
    ["UTF-16", Buffer.from(mark, "utf16le")],
    ["hex", Buffer.from(bytes.toString("hex"))],
    ["percent-encoded", Buffer.from(bytes.toString("hex").replace(/../g, "%$&"))],
    ...inBase64.map((text): [string, Buffer] => ["base64", Buffer.from(text)]),
  ];
}

function readPart(pid: number, part: string): Buffer {
  try {
    return readFileSync(`/proc/${pid}/${part}`);
  } catch {
    // It has ended.
    return Buffer.alloc(0);
  }
}

/** What the page keeps in the browser, and what it shows. */
export function pageStores(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const stored = async (name: string) => {
      const request = indexedDB.open(name);
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const reads = [...database.objectStoreNames].map((store) => {
        const all = database.transaction(store).objectStore(store).getAll();
        return new Promise((resolve) => {
          all.onsuccess = () => resolve(all.result);
        });
      });
      return Promise.all(reads);
    };
    const databases = await Promise.all((await indexedDB.databases()).map(({ name }) => stored(name ?? "")));
    const inputs = [...document.querySelectorAll("input, textarea")].map(
      (each) => (each as HTMLInputElement).value,
    );
    return JSON.stringify([
      location.href,
      document.documentElement.outerHTML,
      inputs,
      document.cookie,
      { ...localStorage },
      { ...sessionStorage },
      databases,
      performance.getEntries().map(({ name }) => name),
    ]);
  });
}
