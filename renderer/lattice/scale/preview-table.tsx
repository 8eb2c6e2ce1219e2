import { formatQuantity } from "../../ui/format.ts";
import { StateGlyph } from "../../ui/state-glyph.tsx";
import type { PreviewField, PreviewGroup } from "./preview-groups.ts";
import classes from "./scale.module.css";

const fieldWords: Record<PreviewField["field"], string> = {
  maxInstances: "Instances",
  imageReference: "Image",
  annotations: "Annotations",
  limits: "Limits",
  config: "Config",
};
const originWords: Record<PreviewField["knownFrom"], string> = {
  running: "running",
  history: "our history",
  request: "this request",
  unknowable: "not knowable",
};
const effectWords: Partial<Record<PreviewField["effect"], string>> = {
  lost: "will be lost",
  "may-be-lost": "may be lost",
  ignored: "will be ignored",
};

/** What a scale does to each field: now, after, and how that is known; amber where something would be lost. */
export function PreviewTable({ group, of }: { group: PreviewGroup; of: number }) {
  const names = group.hosts.map((host) => host.name);
  const shown = names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
  return (
    <section className={classes.part}>
      <h3 className={classes.heading}>
        {group.hosts.length === of && of > 1
          ? `The same on all ${formatQuantity(of, "host")}: ${shown}`
          : `On ${of === 1 ? (names[0] ?? "") : `${formatQuantity(names.length, "host")}: ${shown}`}`}
      </h3>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Field</th>
            <th>Now</th>
            <th>After</th>
            <th>Known from</th>
          </tr>
        </thead>
        <tbody>
          {group.fields.map((field) => (
            <FieldRow key={field.field} field={field} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function FieldRow({ field }: { field: PreviewField }) {
  const effect = effectWords[field.effect];
  const mono = field.field === "maxInstances" ? undefined : "mono";
  return (
    <tr data-effect={field.effect}>
      <td>{fieldWords[field.field]}</td>
      <td className={mono}>{field.now}</td>
      <td className={mono}>{field.after}</td>
      <td>
        {originWords[field.knownFrom]}
        {effect && (
          <div className={classes.effect}>
            <StateGlyph shape="bang" tone="warn" /> {effect}
          </div>
        )}
      </td>
    </tr>
  );
}
