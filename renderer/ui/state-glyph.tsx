import type { ReactNode } from "react";
import type { GlyphShape, Tone } from "./state-look.ts";

const stroke = { fill: "none", strokeWidth: 1.6, strokeLinecap: "round", strokeLinejoin: "round" } as const;
const knockout = { ...stroke, stroke: "var(--glyph-ground, var(--surface-2))" } as const;
const outline = <circle cx="7" cy="7" r="5.4" {...stroke} stroke="currentColor" />;
const disc = <circle cx="7" cy="7" r="6.2" fill="currentColor" />;

const shapes: Record<GlyphShape, ReactNode> = {
  check: [<g key="d">{disc}</g>, <path key="m" d="M4.2 7.2 6.2 9.2 9.8 5.2" {...knockout} />],
  cross: [<g key="d">{disc}</g>, <path key="m" d="M4.9 4.9 9.1 9.1M9.1 4.9 4.9 9.1" {...knockout} />],
  clock: [<g key="d">{outline}</g>, <path key="m" d="M7 4.2V7l1.9 1.5" {...stroke} stroke="currentColor" />],
  square: <rect x="2.6" y="2.6" width="8.8" height="8.8" rx="1" fill="currentColor" />,
  question: [
    <path key="d" d="M7 .8 13.2 7 7 13.2.8 7Z" fill="currentColor" />,
    <path key="m" d="M5.6 5.8C5.6 4.2 8.4 4.2 8.4 5.8 8.4 6.9 7 6.9 7 8M7 9.7V9.8" {...knockout} />,
  ],
  bang: [
    <path key="d" d="M7 1 13.4 12.6H.6Z" fill="currentColor" />,
    <path key="m" d="M7 5.2V8.4M7 10.5V10.6" {...knockout} />,
  ],
  quarter: [
    <g key="d">{outline}</g>,
    <path key="m" d="M7 7V3.2A3.8 3.8 0 0 1 10.8 7Z" fill="currentColor" />,
  ],
  half: [<g key="d">{outline}</g>, <path key="m" d="M7 3.2A3.8 3.8 0 0 1 7 10.8Z" fill="currentColor" />],
  most: [<g key="d">{outline}</g>, <path key="m" d="M7 7V3.2A3.8 3.8 0 1 1 3.2 7Z" fill="currentColor" />],
  ring: outline,
  forbidden: [<g key="d">{disc}</g>, <path key="m" d="M4 7H10" {...knockout} />],
  arrows: [
    <path key="a" d="M2 7A5 5 0 0 1 11 4M12 7A5 5 0 0 1 3 10" {...stroke} stroke="currentColor" />,
    <path key="b" d="M11.2 1.4V4.2H8.4M2.8 12.6V9.8H5.6" {...stroke} stroke="currentColor" />,
  ],
  diamond: <path d="M7 1 13 7 7 13 1 7Z" {...stroke} stroke="currentColor" />,
};

/** The drawn sign of a state; decoration, because its word always stands beside it or in its label. */
export function StateGlyph(props: { shape: GlyphShape; tone: Tone; size?: number; label?: string }) {
  const { shape, tone, size = 12, label } = props;
  const described = label ? ({ role: "img", "aria-label": label } as const) : { "aria-hidden": true };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: labelled or hidden by the spread attributes
    <svg
      width={size}
      height={size}
      viewBox="0 0 14 14"
      style={{ color: `var(--${tone})`, flex: "none" }}
      {...described}
    >
      {shapes[shape]}
    </svg>
  );
}
