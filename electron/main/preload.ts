import { contextBridge, ipcRenderer } from "electron";

/** Which subscription a topic message is for. */
const listeners = new Map<number, (message: unknown) => void>();
let nextSubscription = 1;

ipcRenderer.on("switchyard:topic", (_event, subscription: number, message: unknown) => {
  try {
    listeners.get(subscription)?.(message);
  } finally {
    // The console sends no more than is taken here.
    ipcRenderer.send("switchyard:taken");
  }
});

contextBridge.exposeInMainWorld("switchyard", {
  platform: process.platform,
  call: (name: string, input: unknown, options?: unknown) =>
    ipcRenderer.invoke("switchyard:call", name, input, options ?? {}),
  subscribe: (topic: string, onMessage: (message: unknown) => void) => {
    const subscription = nextSubscription++;
    listeners.set(subscription, onMessage);
    ipcRenderer.send("switchyard:subscribe", subscription, topic);
    return () => {
      listeners.delete(subscription);
      ipcRenderer.send("switchyard:unsubscribe", subscription);
    };
  },
});
