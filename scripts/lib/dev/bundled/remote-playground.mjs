// Bundled by `npm run dev` in place of the simulated systems, which run in a process of their own there: they outlive the
// restarts of the console. Orders and answers go through the process that started both.

const refreshMs = 1_000;

/** The other systems are started with the lattices; which ones is not this process's choice. */
export const systemNames = [];

const pending = new Map();
let nextOrder = 1;

function ask(order) {
  const id = nextOrder++;
  return new Promise((resolve) => {
    pending.set(id, resolve);
    process.send({ id, order });
  });
}

process.on("message", ({ id, reply }) => {
  pending.get(id)?.(reply);
  pending.delete(id);
});

const reach = ask("reach");

/** The playground that runs already, as far as the console looks at it. */
export async function startPlayground() {
  const { natsUrl, natsToken } = await reach;
  const remote = { natsUrl, natsToken, lattices: [], nats: { running: true } };
  const refresh = async () => {
    const { lattices, natsRunning } = await ask({ do: "state" });
    remote.lattices = lattices;
    remote.nats.running = natsRunning;
  };
  await refresh();
  const timer = setInterval(() => void refresh(), refreshMs);
  return Object.assign(remote, { refresh, stop: async () => clearInterval(timer) });
}

/** The systems beside the lattices, with how each is reached. */
export async function startOtherSystems() {
  const { systems, problems } = await reach;
  const running = new Map(Object.entries(systems).map(([name, way]) => [name, { reach: way }]));
  return { running, problems, stop: async () => undefined };
}

/** Carries one order out, and looks at what became of the lattices before it answers. */
export async function control(playground, order) {
  const answer = await ask(order);
  await playground.refresh();
  return answer;
}
