import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { query } from "../shared/contract/index.ts";
import type { ActivityEngine } from "./bridge/activity.ts";
import { Confirmations } from "./bridge/confirmation.ts";
import { Dispatcher } from "./bridge/dispatcher.ts";
import { EventHub } from "./bridge/event-hub.ts";
import { httpApplication } from "./bridge/http.ts";
import { HttpAccess } from "./bridge/http-access.ts";
import { type ListeningServer, listenOnLoopback } from "./http-server.ts";

const token = "t".repeat(40);
let server: ListeningServer | undefined;
afterEach(() => server?.close());

test("replies of every length arrive whole over a real socket, one after the other", async () => {
  const operations = {
    "text.repeat": query({
      method: "GET",
      path: "/repeat/{times}",
      summary: "Repeats a text.",
      input: z.object({ times: z.number().int() }),
      output: z.object({ text: z.string() }),
    }),
  };
  const dispatcher = new Dispatcher({
    operations,
    handlers: { "text.repeat": (input) => ({ text: "ab".repeat((input as { times: number }).times) }) },
    connection: () => {
      throw new Error("no command runs here");
    },
    activities: undefined as unknown as ActivityEngine,
    confirmations: new Confirmations(() => 0),
    onInternalError: (_name, error) => {
      throw error;
    },
  });
  const application = httpApplication({
    operations,
    dispatcher,
    hub: new EventHub({}, {}),
    access: new HttpAccess(token, () => 0),
    version: "1",
    port: () => server?.port ?? 0,
  });
  server = await listenOnLoopback(application, 0);
  for (const times of [3, 900, 0, 40]) {
    const reply = await fetch(`http://127.0.0.1:${server.port}/api/repeat/${times}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await reply.json()).toEqual({ text: "ab".repeat(times) });
  }
});
