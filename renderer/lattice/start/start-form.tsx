import type { ReactNode } from "react";
import { Notice } from "../../ui/notice.tsx";
import { useMissingConfigs } from "./config-names.tsx";
import { HostChoice } from "./host-choice.tsx";
import classes from "./start.module.css";
import { StartFields } from "./start-fields.tsx";
import type { Start } from "./use-start.ts";

interface StartFormProps {
  start: Start;
  /** What else has to be known before it is sent. */
  children: ReactNode;
}

/** What is started, where, and what stands in the way; the same for components and providers. */
export function StartForm({ start, children }: StartFormProps) {
  const missing = useMissingConfigs(start.values.config);
  return (
    <>
      <StartFields kind={start.kind} form={start.form} images={start.images} />
      <HostChoice
        hosts={start.hosts}
        chosen={start.chosen}
        onChange={start.setChosen}
        remark={start.remark}
      />
      <div className={classes.warnings}>
        {children}
        {missing.length > 0 && (
          <Notice
            slim
            tone="warn"
            shape="bang"
            title={`There is no config ${missing.join(", ")} in this lattice: the start would fail.`}
          />
        )}
      </div>
    </>
  );
}
