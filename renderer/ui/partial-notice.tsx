import { Notice } from "./notice.tsx";

export interface PartialNoticeProps {
  /** Who did not answer, with what is known of the reason. */
  missing: readonly { name: string; message: string }[];
  /** Of how many. */
  total: number;
  /** What they are, in the plural, such as "hosts". */
  what: string;
}

const named = 4;

/** What is shown is not everything: how many did not answer, and who. */
export function PartialNotice({ missing, total, what }: PartialNoticeProps) {
  if (missing.length === 0) return null;
  const more = missing.length - named;
  return (
    <Notice
      slim
      role="status"
      tone="warn"
      shape="question"
      title={`${missing.length} of ${total} ${what} did not answer`}
    >
      {missing
        .slice(0, named)
        .map((one) => `${one.name} (${one.message})`)
        .join(" · ")}
      {more > 0 && ` · and ${more} more`}
    </Notice>
  );
}
