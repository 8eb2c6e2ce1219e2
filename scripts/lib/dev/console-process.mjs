import { spawn } from "node:child_process";
import { root } from "../paths.mjs";
import { note, warn } from "../terminal.mjs";
import { endProcess } from "./end-process.mjs";

/**
 * The console as a process that is started anew when it was built anew. `command` is its program with arguments, `answer`
 * gives the replies to what it asks of the playground; `onStarted` follows each start, and `onEnded` an end that the
 * operator chose, such as by closing the window.
 */
export class ConsoleProcess {
  #options;
  #child;
  #restarting = Promise.resolve();
  #wanted = 0;
  #closed = false;

  constructor(options) {
    this.#options = options;
  }

  /** Starts it, or ends the one that runs and starts it again; several calls at once make one start. */
  restart() {
    const wanted = ++this.#wanted;
    this.#restarting = this.#restarting.then(async () => {
      if (this.#closed || wanted !== this.#wanted) return;
      await this.#end();
      if (!this.#closed) this.#start();
    });
  }

  async close() {
    this.#closed = true;
    await this.#restarting;
    await this.#end();
  }

  async #end() {
    const child = this.#child;
    this.#child = undefined;
    if (child) await endProcess(child);
  }

  #start() {
    const { command, environment, answer, onStarted, onEnded } = this.#options;
    const [program, ...argumentsList] = command;
    const child = spawn(program, argumentsList, {
      cwd: root,
      // Its own words say where it answers, which is not where the page is.
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { ...process.env, ...environment },
    });
    this.#child = child;
    child.on("message", async ({ id, order }) => {
      const reply = await answer(order);
      if (child.connected) child.send({ id, reply });
    });
    child.on("error", (error) => warn(error.message));
    child.on("exit", (code) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      if (code === 0) onEnded();
      else warn(`the console ended with ${code ?? "a signal"}; it is started again after the next change`);
    });
    note("the console is started");
    onStarted(child);
  }
}
