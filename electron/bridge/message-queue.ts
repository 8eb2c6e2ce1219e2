/** Messages a slow reader may fall behind before its stream is cut; it subscribes again and gets a snapshot. */
const mostWaiting = 400;

/** Messages in order, for one reader that takes them when it can; it ends when the reader is too slow. */
export class MessageQueue<Message> implements AsyncIterable<Message> {
  private readonly waiting: Message[] = [];
  private wake: () => void = () => undefined;
  private closed = false;

  /** Whether the reader keeps up; if not, this was the end, and nothing is held for it any more. */
  push(message: Message): boolean {
    if (this.waiting.length >= mostWaiting) this.close();
    if (this.closed) return false;
    this.waiting.push(message);
    this.wake();
    return true;
  }

  close(): void {
    this.closed = true;
    this.waiting.length = 0;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Message> {
    while (!this.closed) {
      if (this.waiting.length === 0) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
      while (!this.closed && this.waiting.length > 0) yield this.waiting.shift() as Message;
    }
  }
}
