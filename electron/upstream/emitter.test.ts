import { expect, test, vi } from "vitest";
import { Emitter } from "./emitter.ts";

test("calls every listener, the same function twice, until each is removed", () => {
  const emitter = new Emitter<[number, string]>();
  const heard: unknown[] = [];
  const listener = (...args: unknown[]): void => void heard.push(args);
  const removals = [emitter.on(listener), emitter.on(listener)];
  expect(emitter.size).toBe(2);
  emitter.emit(1, "a");
  removals[0]?.();
  removals[0]?.();
  emitter.emit(2, "b");
  expect(heard).toEqual([
    [1, "a"],
    [1, "a"],
    [2, "b"],
  ]);
  emitter.clear();
  emitter.emit(3, "c");
  expect(emitter.size).toBe(0);
  expect(heard).toHaveLength(3);
});

test("an exception reaches whoever is named for it, and keeps no other listener from being called", () => {
  const onError = vi.fn();
  const emitter = new Emitter<[]>(onError);
  const second = vi.fn();
  const error = new Error("mine");
  emitter.on(() => {
    throw error;
  });
  emitter.on(second);
  emitter.emit();
  expect(onError).toHaveBeenCalledExactlyOnceWith(error);
  expect(second).toHaveBeenCalledOnce();
});

test("without one who is named, it is an uncaught error", async () => {
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  try {
    const uncaught = new Promise((resolve) => process.once("uncaughtException", resolve));
    const emitter = new Emitter<[]>();
    emitter.on(() => {
      throw new Error("mine");
    });
    emitter.emit();
    await expect(uncaught).resolves.toMatchObject({ message: "mine" });
  } finally {
    for (const listener of listeners) process.on("uncaughtException", listener);
  }
});

test("who listens while it is emitted is called the next time; who is removed meanwhile is not", () => {
  const emitter = new Emitter<[]>();
  const late = vi.fn();
  const removed = vi.fn();
  emitter.on(() => {
    remove();
    emitter.on(late);
  });
  const remove = emitter.on(removed);
  emitter.emit();
  expect(removed).not.toHaveBeenCalled();
  expect(late).not.toHaveBeenCalled();
  emitter.emit();
  expect(late).toHaveBeenCalledOnce();
});
