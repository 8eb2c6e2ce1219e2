import { BrowserWindow, Notification } from "electron";
import type { Console } from "../app/app.ts";
import { SettledNotices } from "./settled-notices.ts";

export interface NotifierParts {
  console: Pick<Console, "onActivity" | "preferences" | "profile">;
  /** Brings the window to the front and shows a page of it. */
  showPage(path: string): void;
}

/** Tells by the operating system when something settles while no window has the focus; answers what ends it. */
export function startNotifier({ console, showPage }: NotifierParts): () => void {
  // A notification that nobody holds is collected, and its click with it.
  const held = new Set<Notification>();
  const notices = new SettledNotices({
    isWanted: () =>
      Notification.isSupported() &&
      console.preferences().notifyWhenSettled &&
      !BrowserWindow.getAllWindows().some((window) => window.isFocused()),
    profile: (id) => console.profile(id),
    show: ({ title, body, path }) => {
      const notification = new Notification({ title, body });
      held.add(notification);
      notification.on("click", () => {
        held.delete(notification);
        showPage(path);
      });
      notification.on("close", () => held.delete(notification));
      notification.show();
    },
  });
  const unfollow = console.onActivity((activity) => notices.hear(activity));
  return () => {
    unfollow();
    notices.close();
    held.clear();
  };
}
