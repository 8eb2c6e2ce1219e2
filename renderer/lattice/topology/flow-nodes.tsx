import { Handle, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import { formatQuantity } from "../../ui/format.ts";
import { StateGlyph } from "../../ui/state-glyph.tsx";
import type { CardNode, FrameNode, WorkloadNode } from "./flow-elements.ts";
import { useFocusedItem } from "./focus-context.ts";
import classes from "./topology.module.css";
import { linkText, type TopologyItem } from "./topology-items.ts";

/** A host as a quiet frame around what runs there. */
export const HostFrame = memo(function HostFrame({ data }: NodeProps<FrameNode>) {
  const { item } = data;
  if (!item)
    return (
      <div className={classes.frame} data-missing>
        <div className={classes.frameTitle}>Ends of links that run nowhere</div>
      </div>
    );
  return (
    <div className={classes.frame} data-problem={item.problem?.tone}>
      <ItemButton item={item} className={classes.frameHead}>
        <span className={classes.name}>{item.name}</span>
        <Mark item={item} />
      </ItemButton>
    </div>
  );
});

/** A host with counts, where its workloads would be too many. */
export const HostCard = memo(function HostCard({ data }: NodeProps<CardNode>) {
  const { item: host, problems } = data;
  return (
    <ItemButton item={host} className={classes.card} problems={problems}>
      <span className={classes.name}>{host.name}</span> <span className={classes.detail}>{host.detail}</span>{" "}
      {(host.problem || problems > 0) && (
        <span className={classes.cardProblem}>
          <Mark item={host} />
          {problems > 0 && <StateGlyph shape="bang" tone="bad" />}
          {host.problem?.text}
          {host.problem && problems > 0 && " · "}
          {problems > 0 && formatQuantity(problems, "problem")}
        </span>
      )}
    </ItemButton>
  );
});

/** A component or provider on its host, or an end of a link that runs nowhere. */
export const Workload = memo(function Workload({ data }: NodeProps<WorkloadNode>) {
  const { item } = data;
  return (
    <>
      <Ends side="left" />
      <ItemButton item={item} className={classes.workload}>
        <span className={classes.name}>{item.name}</span>{" "}
        <span className={classes.detail}>{item.detail}</span>
        <Mark item={item} />
      </ItemButton>
      <Ends side="right" />
    </>
  );
});

/** Where links leave and arrive on one side. */
function Ends({ side }: { side: "left" | "right" }) {
  const position = side === "left" ? Position.Left : Position.Right;
  return (["source", "target"] as const).map((type) => (
    <Handle
      key={type}
      id={`${type}-${side}`}
      type={type}
      position={position}
      isConnectable={false}
      className={classes.handle ?? ""}
    />
  ));
}

interface ItemButtonProps {
  item: TopologyItem;
  className: string | undefined;
  problems?: number;
  children: React.ReactNode;
}

/** What can be opened; one of all is in the order of the Tab key, the arrows move from there. */
function ItemButton({ item, className, problems = 0, children }: ItemButtonProps) {
  const { focusedKey, onOpen, onFocus } = useFocusedItem();
  return (
    <button
      type="button"
      className={className}
      data-item={item.key}
      data-kind={item.kind}
      data-problem={item.problem?.tone ?? (problems > 0 ? "bad" : undefined)}
      title={`${item.name} ${item.detail}`.trim()}
      tabIndex={focusedKey === item.key ? 0 : -1}
      aria-label={inWords(item, problems)}
      onFocus={() => onFocus(item.key)}
      onClick={() => onOpen(item)}
    >
      {children}
    </button>
  );
}

function Mark({ item }: { item: TopologyItem }) {
  return item.problem ? <StateGlyph shape={item.problem.shape} tone={item.problem.tone} /> : null;
}

/** Everything that the picture says of an item, in words, with those that can be seen first and in their order. */
function inWords(item: TopologyItem, problems: number): string {
  const links = [
    ...item.out.map((link) => `linked to ${link.target} by ${linkText(link)}`),
    ...item.in.map((link) => `linked from ${link.sourceId} by ${linkText(link)}`),
  ];
  const where = item.kind === "component" || item.kind === "provider" ? `on ${item.hostName}` : "";
  const kind = item.kind === "missing" ? "end of a link" : item.kind;
  const wrong = [item.problem?.text, problems > 0 && formatQuantity(problems, "problem")].filter(Boolean);
  const seen = [kind, item.name, item.detail, wrong.join(" · ")].filter(Boolean).join(" ");
  return [seen, where, ...links].filter(Boolean).join(", ");
}
