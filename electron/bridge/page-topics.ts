import { asFailure, type TopicMessage } from "../../shared/contract/index.ts";
import type { EventHub } from "./event-hub.ts";
import { MessageQueue } from "./message-queue.ts";

/** Messages on their way to a page at the same time; the others wait here until it has taken some. */
const mostOnTheWay = 32;

/** A page, as far as it gets messages. */
export interface Page {
  isDestroyed(): boolean;
  send(channel: string, subscription: number, message: TopicMessage): void;
}

interface Subscription {
  topic: string;
  end(): void;
}

interface Addressed {
  id: number;
  message: TopicMessage;
}

/** The topics that one page follows. It gets no more than it takes: what it is sent piles up in memory while it hangs. */
export class PageTopics {
  private readonly subscriptions = new Map<number, Subscription>();
  private queue = new MessageQueue<Addressed>();
  private onTheWay = 0;
  private wake: () => void = () => undefined;

  constructor(
    private readonly hub: EventHub,
    private readonly page: Page,
  ) {
    void this.deliver(this.queue);
  }

  subscribe(id: number, topic: string): void {
    this.unsubscribe(id);
    const subscription: Subscription = { topic, end: () => undefined };
    this.subscriptions.set(id, subscription);
    const push = (message: TopicMessage): void => {
      if (!this.queue.push({ id, message })) this.cutOff();
    };
    try {
      subscription.end = this.hub.subscribe(topic, push);
      // The snapshot may have been too much for the page already.
      if (this.subscriptions.get(id) !== subscription) subscription.end();
    } catch (error) {
      this.subscriptions.delete(id);
      push({ kind: "closed", topic, message: asFailure(error).message });
    }
  }

  unsubscribe(id: number): void {
    this.subscriptions.get(id)?.end();
    this.subscriptions.delete(id);
  }

  /** The page has taken a message. */
  acknowledge(): void {
    // A document that is gone may have taken its last ones.
    this.onTheWay = Math.max(0, this.onTheWay - 1);
    if (this.onTheWay < mostOnTheWay) this.wake();
  }

  /** Ends all subscriptions; what the page had not taken was for a document that is gone. */
  end(): void {
    for (const { end } of this.subscriptions.values()) end();
    this.subscriptions.clear();
    this.queue.close();
    this.onTheWay = 0;
    this.wake();
    this.queue = new MessageQueue();
    void this.deliver(this.queue);
  }

  /** The page fell too far behind: it subscribes again when it runs again, and gets snapshots. */
  private cutOff(): void {
    const cut = [...this.subscriptions];
    const { onTheWay } = this;
    this.end();
    this.onTheWay = onTheWay;
    const message = "The window did not keep up with its live rows.";
    for (const [id, { topic }] of cut) this.send({ id, message: { kind: "closed", topic, message } });
  }

  private async deliver(queue: MessageQueue<Addressed>): Promise<void> {
    for await (const addressed of queue) {
      while (this.onTheWay >= mostOnTheWay && this.queue === queue)
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      if (this.queue !== queue) return;
      this.send(addressed);
    }
  }

  private send({ id, message }: Addressed): void {
    if (this.page.isDestroyed()) return;
    this.onTheWay += 1;
    this.page.send("switchyard:topic", id, message);
  }
}
