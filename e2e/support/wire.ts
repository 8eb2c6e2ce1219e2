import { connect } from "nats";
import type { PlaygroundProcess } from "./playground.ts";

/** Hears what anybody sends on these subjects, from outside of the console. */
export async function listenOnWire(playground: PlaygroundProcess, subjects: readonly string[]) {
  const nats = await connect({ servers: playground.natsUrl, token: playground.natsToken });
  const heard: string[] = [];
  for (const subject of subjects)
    nats.subscribe(subject, { callback: (_error, message) => heard.push(message.subject) });
  await nats.flush();
  return {
    /** The subjects of everything heard so far, once the server has nothing more on its way. */
    heard: async (): Promise<readonly string[]> => {
      await nats.flush();
      return [...heard];
    },
    stop: () => nats.close(),
  };
}
