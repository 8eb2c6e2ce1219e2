import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { ElectronApplication, Page } from "@playwright/test";
import type { RunningConsole } from "../support/console.ts";
import { type Listener, startListener } from "../support/listener.ts";
import { built, program, root } from "../support/paths.ts";
import { test as base, expect } from "../support/story.ts";

// Electron's own security checklist, item by item, in the real window: what a foreign script in the page could try.

interface Attacked {
  page: Page;
  application: ElectronApplication;
  console: RunningConsole;
  elsewhere: Listener;
}

/** A window, and a server that nothing of it may reach. What the page complains about is what the stories look for. */
const test = base.extend<{ attacked: Attacked }>({
  attacked: async ({ stage }, use) => {
    const elsewhere = await startListener();
    const started = await stage.open();
    await expect(started.page.getByText("No connection yet")).toBeVisible();
    const application = started.application as ElectronApplication;
    await use({ page: started.page, application, console: started, elsewhere });
    await started.close();
    await elsewhere.close();
  },
});

test.describe("Electron's checklist @desktop", () => {
  test("the window is served its own files alone", async ({ attacked: { page, application } }) => {
    const statuses = await page.evaluate(
      (paths) =>
        Promise.all(
          paths.map(async (path) => {
            const response = await fetch(path);
            return [path, response.status, response.headers.has("content-security-policy")];
          }),
        ),
      [...files, ...outside],
    );
    expect(statuses).toEqual([
      ...files.map((path) => [path, 200, true]),
      ...outside.map((path) => [path, 404, true]),
    ]);
    // The page itself may not ask for another host of the scheme, so the main process does.
    const other = await application.evaluate(async ({ net }) =>
      Promise.all(
        ["app://switchyard/index.html", "app://elsewhere/index.html"].map(
          async (address) => (await net.fetch(address)).status,
        ),
      ),
    );
    expect(other).toEqual([200, 404]);
  });

  test("the page has no Node, a sandbox and its own world", async ({ attacked: { page, application } }) => {
    const preferences = await application.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      return contents.getLastWebPreferences();
    });
    const on = ["contextIsolation", "sandbox", "webSecurity"];
    const off = [
      ...["nodeIntegration", "nodeIntegrationInSubFrames", "nodeIntegrationInWorker", "webviewTag"],
      ...["allowRunningInsecureContent", "experimentalFeatures", "enableBlinkFeatures", "navigateOnDragDrop"],
    ];
    expect(on.filter((name) => preferences[name] !== true)).toEqual([]);
    expect(off.filter((name) => preferences[name])).toEqual([]);
    const seen = await page.evaluate(() => ({
      node: ["require", "process", "module", "Buffer", "global"].filter((name) => name in globalThis),
      bridge: Object.keys((globalThis as unknown as { switchyard: object }).switchyard).sort(),
    }));
    expect(seen).toEqual({ node: [], bridge: ["call", "platform", "subscribe"] });
  });

  test("permissions and devices are denied", async ({ attacked: { page } }) => {
    await page.bringToFront();
    const answers = await page.evaluate(askForEverything);
    expect(answers).toEqual(Object.fromEntries(Object.keys(answers).map((name) => [name, "not given"])));
    const states = await page.evaluate(
      async (names) => {
        const answers = names.map((name) => navigator.permissions.query({ name: name as PermissionName }));
        return Object.fromEntries(
          (await Promise.all(answers)).map((answer, at) => [names[at], answer.state]),
        );
      },
      [...permissionNames, "clipboard-write"],
    );
    expect(states).toEqual({
      ...Object.fromEntries(permissionNames.map((name) => [name, "denied"])),
      // What "copy" needs.
      "clipboard-write": "granted",
    });
  });

  test("foreign script and foreign content do not get in, and nothing gets out", async ({ attacked }) => {
    const { page, elsewhere } = attacked;
    await fetch(`${elsewhere.address}/control`);
    const blocked = await page.evaluate(inject, elsewhere.address);
    expect(blocked.ran).toEqual([]);
    // Objects, embeds and scripts are refused already as addresses of code that are plain text.
    expect([...new Set(blocked.violated)].sort()).toEqual(
      [
        ...["base-uri", "connect-src", "font-src", "form-action", "frame-src", "img-src", "media-src"],
        ...["require-trusted-types-for", "script-src-elem", "style-src-elem"],
      ].sort(),
    );
    await expectNothing(attacked, ["GET /control"]);
  });

  test("text does not become markup or code", async ({ attacked: { page } }) => {
    const tried = await page.evaluate(useTextAsCode);
    expect(tried).toEqual(Object.fromEntries(Object.keys(tried).map((way) => [way, "refused"])));
    expect(Object.keys(tried).length).toBeGreaterThan(12);
    expect(await page.evaluate(() => (globalThis as { ran?: unknown }).ran)).toBeUndefined();
  });

  test("neither WebRTC nor a look-up ahead of time gets out", async ({ attacked }) => {
    const { page, elsewhere } = attacked;
    const socket = createSocket("udp4");
    let packets = 0;
    socket.on("message", () => {
      packets += 1;
    });
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    const probe = createSocket("udp4");
    probe.send("control", socket.address().port, "127.0.0.1");
    await expect.poll(() => packets).toBe(1);
    probe.close();
    await page.evaluate(reachOut, { port: socket.address().port, address: elsewhere.address });
    expect(packets).toBe(1);
    expect(elsewhere.connections()).toBe(0);
    socket.close();
  });

  test("no navigation leads away, and nothing opens", async ({ attacked }) => {
    const { page, application, elsewhere } = attacked;
    await application.evaluate(recordOpened);
    const before = await shownIn(application);
    const leads = [
      `${elsewhere.address}/`,
      "https://switchyard.example/",
      "file:///etc/passwd",
      "data:text/html,<title>elsewhere</title>",
      "blob:app://switchyard/0",
      "app://elsewhere/index.html",
      "app://switchyard/assets/nothing.html",
      "javascript:document.title='elsewhere'",
      "mailto:somebody@switchyard.example",
    ];
    for (const lead of leads) {
      await led(attacked, lead);
      await expect.poll(() => shownIn(application), lead).toEqual(before);
    }
    expect(application.windows()).toEqual([page]);
    expect(await application.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)).toEqual(
      [],
    );
    await expectNothing(attacked, []);
  });

  test("a window that was led to an empty page comes back to its own", async ({ attacked }) => {
    const { application } = attacked;
    await led(attacked, "about:blank");
    await expect
      .poll(() => shownIn(application))
      .toMatchObject({
        address: expect.stringMatching(/^app:\/\/switchyard\/index\.html/),
        title: /Switchyard$/,
      });
    expect(application.windows()).toHaveLength(1);
  });

  test("a webview does not attach, and a frame stays empty and without the bridge", async ({ attacked }) => {
    const { page, elsewhere } = attacked;
    const frames = await page.evaluate(makeFrames, elsewhere.address);
    expect(frames).toEqual({ srcdoc: "no bridge", blank: "no bridge", foreign: "closed", own: "closed" });
    await expectNothing(attacked, []);
  });

  test("only the top frame of the window's own page may call the console", async ({ attacked }) => {
    const {
      application,
      console: { call },
    } = attacked;
    expect(await call("console.info", {})).toMatchObject({ ok: true });
    const answers = await application.evaluate(callFromElsewhere, built("preload.cjs"));
    const forbidden = { ok: false, failure: { code: "forbidden" } };
    expect(answers).toMatchObject({
      top: { ok: true },
      frame: forbidden,
      foreign: forbidden,
      file: forbidden,
    });
  });

  test("a second start shows the first window and does nothing of its own", async ({ stage, attacked }) => {
    const { application } = attacked;
    await application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const second = spawn(
      program("SWITCHYARD_ELECTRON"),
      [...sandbox, root, "--data", stage.directory, "--http-port", "0"],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    let said = "";
    second.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    expect(await once(second, "exit")).toEqual([0, null]);
    expect(said, "no HTTP interface was opened").not.toContain("http://");
    expect(await attacked.console.call("console.http.get", {})).toMatchObject({ output: { on: false } });
    expect(await application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    await expect
      .poll(() =>
        application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized()),
      )
      .toBe(false);
  });
});

const files = ["/", "/index.html", "/icon.svg"];

const outside = [
  "/nothing",
  "/../main.cjs",
  "/%2e%2e/main.cjs",
  "/..%2fmain.cjs",
  "/..%5cmain.cjs",
  "/assets/..%2f..%2fmain.cjs",
  "/..%2f..%2f..%2f..%2f..%2f..%2fetc/passwd",
  "/.//etc/passwd",
  "/assets",
];

const permissionNames = ["geolocation", "camera", "microphone", "notifications", "clipboard-read", "midi"];

/** Runs in the page. Each of these needs a person's consent in a browser. */
async function askForEverything(): Promise<Record<string, string>> {
  const more = navigator as unknown as Record<
    string,
    { requestDevice(wanted: unknown): Promise<unknown> }
  > & {
    serial?: { requestPort(): Promise<unknown> };
    requestMIDIAccess(): Promise<unknown>;
  };
  const asked: Record<string, () => Promise<unknown>> = {
    geolocation: () => new Promise((give, deny) => navigator.geolocation.getCurrentPosition(give, deny)),
    camera: () => navigator.mediaDevices.getUserMedia({ video: true }),
    microphone: () => navigator.mediaDevices.getUserMedia({ audio: true }),
    screen: () => navigator.mediaDevices.getDisplayMedia({ video: true }),
    "clipboard-read": () => navigator.clipboard.readText(),
    notifications: async () => {
      if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
    },
    midi: () => more.requestMIDIAccess(),
    usb: async () => more.usb?.requestDevice({ filters: [] }) ?? Promise.reject(),
    hid: async () => {
      const devices = (await more.hid?.requestDevice({ filters: [] })) as unknown[] | undefined;
      if (!devices?.length) throw new Error("none");
    },
    serial: async () => more.serial?.requestPort() ?? Promise.reject(),
    bluetooth: async () => more.bluetooth?.requestDevice({ acceptAllDevices: true }) ?? Promise.reject(),
    fullscreen: () => document.documentElement.requestFullscreen(),
    "pointer-lock": () =>
      new Promise((give, deny) => {
        document.addEventListener("pointerlockchange", give);
        document.addEventListener("pointerlockerror", deny);
        document.body.requestPointerLock();
      }),
  };
  const silence = () => new Promise((_give, deny) => setTimeout(deny, 5_000));
  const answers = Object.entries(asked).map(async ([name, ask]) => {
    try {
      await Promise.race([ask(), silence()]);
      return [name, "given"];
    } catch {
      return [name, "not given"];
    }
  });
  return Object.fromEntries(await Promise.all(answers));
}

/** Runs in the page: puts foreign script and content into it in each way there is; answers with what ran and what was blocked. */
async function inject(elsewhere: string): Promise<{ ran: string[]; violated: string[] }> {
  const seen = globalThis as unknown as { ran: string[] };
  seen.ran = [];
  const violated: string[] = [];
  document.addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective));
  const put = (tag: string, attributes: Record<string, string>, parent: Element = document.body) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    parent.append(element);
    return element;
  };
  const inlineScript = (namespace: string) => {
    const element = document.createElementNS(namespace, "script");
    element.append("ran.push('inline script')");
    document.body.append(element);
  };
  const fonts = `@font-face { font-family: x; src: url("${elsewhere}/font"); } body { font-family: x }`;
  const attempts: (() => unknown)[] = [
    () => inlineScript("http://www.w3.org/1999/xhtml"),
    () => inlineScript("http://www.w3.org/2000/svg"),
    () => put("img", { src: "/nothing.png", onerror: "ran.push('onerror')" }),
    () => put("script", { src: `${elsewhere}/script.js` }),
    () => put("img", { src: `${elsewhere}/image` }),
    () => put("iframe", { src: `${elsewhere}/frame` }),
    () => put("link", { rel: "stylesheet", href: `${elsewhere}/style.css` }, document.head),
    () => put("link", { rel: "manifest", href: `${elsewhere}/manifest.json` }, document.head),
    () => put("style", {}, document.head).append(`@import url("${elsewhere}/import.css");`),
    () => put("style", {}, document.head).append(fonts),
    () => put("div", { style: `background: url("${elsewhere}/background"); height: 9px` }),
    () => put("video", { src: `${elsewhere}/video` }),
    () => put("object", { data: `${elsewhere}/object` }),
    () => put("embed", { src: `${elsewhere}/embed` }),
    () => put("base", { href: elsewhere }, document.head),
    () => (put("form", { action: `${elsewhere}/form`, method: "post" }) as HTMLFormElement).submit(),
    () => navigator.sendBeacon(`${elsewhere}/beacon`, "secret"),
    () => new WebSocket(elsewhere.replace("http", "ws")),
    () => new EventSource(`${elsewhere}/events`),
    () => fetch(`${elsewhere}/fetch`).then(() => seen.ran.push("fetch")),
    () => import(/* @vite-ignore */ `${elsewhere}/module.js`).then(() => seen.ran.push("import")),
  ];
  for (const attempt of attempts) {
    try {
      Promise.resolve(attempt()).catch(() => undefined);
    } catch {
      // Refused at once; others are refused later.
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return { ran: seen.ran, violated };
}

/** Runs in the page: each way by which a browser makes markup or code of a text, and what came of it. */
async function useTextAsCode(): Promise<Record<string, string>> {
  const markup = "<img src=/nothing onerror='ran=1'>";
  const div = document.createElement("div");
  document.body.append(div);
  const range = document.createRange();
  const types = (
    globalThis as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } }
  ).trustedTypes;
  const ways: Record<string, () => unknown> = {
    innerHTML: () => {
      div.innerHTML = markup;
    },
    outerHTML: () => {
      div.outerHTML = markup;
    },
    insertAdjacentHTML: () => div.insertAdjacentHTML("beforeend", markup),
    fragment: () => range.createContextualFragment(markup),
    parser: () => new DOMParser().parseFromString(markup, "text/html"),
    write: () => document.write(markup),
    srcdoc: () => {
      document.createElement("iframe").srcdoc = markup;
    },
    "style with markup": () => {
      document.createElement("style").innerHTML = `</style>${markup}`;
    },
    "script text": () => {
      document.createElement("script").text = "ran=1";
    },
    "script address": () => {
      document.createElement("script").src = "/assets/other.js";
    },
    "worker of data": () => new Worker("data:text/javascript,1"),
    "worker of a blob": () => new Worker(URL.createObjectURL(new Blob(["1"]))),
    "another worker": () => new Worker("/index.html"),
    "shared worker": () => new SharedWorker("/assets/other.js"),
    // biome-ignore lint/security/noGlobalEval: it is what has to be refused
    eval: () => globalThis.eval("ran=1"),
    "new Function": () => new Function("ran=1")(),
    timer: () => (setTimeout as unknown as (text: string) => void)("ran=1"),
    "handler attribute": () => div.setAttribute("onclick", "ran=1"),
    "a policy of its own": () => types.createPolicy("mine", { createHTML: (text: string) => text }),
    "the default policy again": () => types.createPolicy("default", { createHTML: (text: string) => text }),
  };
  // What Playwright evaluates may call eval; what it leaves behind is a script like any other.
  await new Promise((resolve) => setTimeout(resolve));
  const answers: Record<string, string> = {};
  for (const [way, act] of Object.entries(ways)) {
    try {
      const made = act();
      answers[way] = `made ${String(made)}`;
    } catch {
      answers[way] = "refused";
    }
  }
  const worker = await navigator.serviceWorker.register("/assets/other.js").then(
    () => "made",
    () => "refused",
  );
  return { ...answers, "service worker": worker };
}

/** Runs in the page: what the content security policy does not know. */
async function reachOut({ port, address }: { port: number; address: string }): Promise<void> {
  const peer = new RTCPeerConnection({
    iceServers: [
      { urls: `stun:127.0.0.1:${port}` },
      { urls: `turn:127.0.0.1:${port}`, username: "secret", credential: "secret" },
      {
        urls: `${address.replace("http://", "turn:")}?transport=tcp`,
        username: "secret",
        credential: "secret",
      },
    ],
  });
  peer.createDataChannel("out");
  await peer.setLocalDescription(await peer.createOffer());
  for (const rel of ["preconnect", "dns-prefetch", "prefetch", "prerender", "modulepreload"]) {
    const link = document.createElement("link");
    link.rel = rel;
    link.href = address;
    document.head.append(link);
  }
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  peer.close();
}

/** Runs inside Electron's main process: notes what is handed to other programs. */
function recordOpened({ shell }: typeof import("electron")): void {
  const opened: string[] = [];
  Object.assign(globalThis, { opened });
  shell.openExternal = async (url: string) => {
    opened.push(url);
  };
}

/** Tries to lead the window there, in each way that a page has. */
async function led({ page }: Attacked, address: string): Promise<void> {
  // Playwright itself would wait for a navigation that never comes.
  await page.evaluate((to) => {
    const click = (target: string) => {
      const link = document.createElement("a");
      link.href = to;
      link.target = target;
      document.body.append(link);
      link.click();
      link.remove();
    };
    const ways = [
      () => window.open(to),
      () => window.open(to, "_blank", "noopener"),
      () => click("_blank"),
      () => click("_self"),
      () => location.assign(to),
      () => location.replace(to),
    ];
    setTimeout(() => {
      for (const way of ways) {
        try {
          way();
        } catch {
          // Refused at once.
        }
      }
    });
  }, address);
  await new Promise((resolve) => setTimeout(resolve, 200));
}

function shownIn(application: ElectronApplication): Promise<unknown> {
  return application.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    return { address: contents?.getURL(), title: contents?.getTitle() };
  });
}

/** Runs in the page: frames of all kinds; answers with what is in them. */
async function makeFrames(elsewhere: string): Promise<Record<string, string>> {
  const frame = (attributes: Record<string, string>) => {
    const element = document.createElement("iframe");
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.body.append(element);
    return element;
  };
  const webview = document.createElement("webview");
  webview.setAttribute("src", `${elsewhere}/webview`);
  document.body.append(webview);
  const frames = {
    srcdoc: frame({}),
    blank: frame({ src: "about:blank" }),
    foreign: frame({ src: `${elsewhere}/frame` }),
    own: frame({ src: "/index.html" }),
  };
  await new Promise((resolve) => setTimeout(resolve, 500));
  const inside = (element: HTMLIFrameElement) => {
    try {
      const view = element.contentWindow as unknown as Record<string, unknown> & Window;
      if (view.location.href !== "about:blank") return `holds ${view.location.href}`;
      return "switchyard" in view ? "bridge" : "no bridge";
    } catch {
      return "closed";
    }
  };
  return Object.fromEntries(Object.entries(frames).map(([name, element]) => [name, inside(element)]));
}

/** Runs inside Electron's main process: calls the console from pages that are not its own, given the same preload. */
async function callFromElsewhere(
  { BrowserWindow }: typeof import("electron"),
  preload: string,
): Promise<Record<string, unknown>> {
  const call = "switchyard.call('console.info', {})";
  const answers: Record<string, unknown> = {};
  const addresses = {
    foreign: "data:text/html,elsewhere",
    frame: "data:text/html,<iframe srcdoc='a frame'></iframe>",
    file: "app://switchyard/icon.svg",
    top: "app://switchyard/index.html",
  };
  for (const [name, address] of Object.entries(addresses)) {
    const window = new BrowserWindow({
      show: false,
      webPreferences: { preload, nodeIntegrationInSubFrames: true },
    });
    await window.loadURL(address);
    const { mainFrame } = window.webContents;
    answers[name] = await (name === "frame" ? mainFrame.frames[0] : mainFrame)?.executeJavaScript(call);
    window.destroy();
  }
  return answers;
}

/** Whatever was on its way has had its time: the server has heard this and no more. */
async function expectNothing({ elsewhere, page }: Attacked, heard: string[]): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  expect(elsewhere.requests).toEqual(heard);
}
