/** What each layer looks like, light and dark. */
const colours = {
  renderer: { light: ["#e7f5ff", "#1971c2"], dark: ["#10293d", "#74c0fc"] },
  electron: { light: ["#ebfbee", "#2f9e44"], dark: ["#12301b", "#8ce99a"] },
  shared: { light: ["#fff9db", "#e67700"], dark: ["#3a2f0b", "#ffd43b"] },
  playground: { light: ["#f3f0ff", "#6741d9"], dark: ["#271f45", "#b197fc"] },
};
const lineHeight = 17;
const margin = 12;

/** The graph as a picture that says which graph it shows; the layout is ELK's, and the same each time. */
export async function drawGraph(graph) {
  const { default: Elk } = await import("elkjs/lib/elk.bundled.js");
  const nodes = graph.parts.map((id) => {
    const lines = linesOf(id, graph.names);
    const width = Math.max(...lines.map((line, index) => line.length * (index === 0 ? 8.2 : 6.6))) + 24;
    return { id, lines, width: Math.round(width), height: 14 + lines.length * lineHeight };
  });
  const edges = graph.arrows.map((arrow) => {
    const [from, to] = arrow.split(" -> ");
    return { id: arrow, sources: [from], targets: [to] };
  });
  const layout = await new Elk().layout({
    id: "root",
    children: nodes,
    edges,
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "DOWN",
      "elk.edgeRouting": "ORTHOGONAL",
      "elk.randomSeed": "1",
      "elk.layered.spacing.nodeNodeBetweenLayers": "34",
      "elk.spacing.nodeNode": "26",
    },
  });
  return svg(layout, graph);
}

/** The graph that a picture says it shows. */
export function graphIn(picture) {
  const text = /<metadata>(.*?)<\/metadata>/s.exec(picture)?.[1] ?? "";
  return text
    .trim()
    .split("\n")
    .map((line) => line.replace("-&gt;", "->"));
}

/** What a picture shows that is not so, and what it lacks. */
export function differences(shown, wanted) {
  return [
    ...shown.filter((line) => !wanted.includes(line)).map((line) => `${line} is not so any more`),
    ...wanted.filter((line) => !shown.includes(line)).map((line) => `${line} is missing`),
  ];
}

/** What a picture of this graph says that it shows. */
export function contentOf({ parts, arrows, names }) {
  return [...parts.map((part) => [part, ...(names[part] ?? [])].join(" ")), ...arrows];
}

function linesOf(id, names) {
  const [layer, part] = id.split("/");
  if (id === "electron/systems") return ["electron", ...rows(names[id])];
  if (id === "renderer/pages") return ["renderer", ...rows(names[id])];
  return [part === undefined ? layer : `${layer}/${part}`];
}

function rows(names) {
  const at = Math.ceil(names.length / 2);
  return [names.slice(0, at), names.slice(at)].map((row) => row.join(" · ")).filter(Boolean);
}

function svg({ width, height, children, edges }, graph) {
  const size = [width + 2 * margin, height + 2 * margin].map(Math.ceil);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.join(" ")}" width="${size[0]}" height="${size[1]}" role="img" aria-label="Which part imports which">
<metadata>
${contentOf(graph).join("\n").replaceAll(">", "&gt;")}
</metadata>
<style>
text { font: 600 13px system-ui, sans-serif; text-anchor: middle; }
text.more { font: 11.5px system-ui, sans-serif; }
rect { stroke-width: 1.3; }
path { fill: none; stroke: #868e96; stroke-width: 1.3; }
marker path { fill: #868e96; stroke: none; }
${styleOf("light")}
@media (prefers-color-scheme: dark) {
${styleOf("dark")}
}
</style>
<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
<g transform="translate(${margin} ${margin})">
${edges.map(edgeLine).join("\n")}
${children.map(box).join("\n")}
</g>
</svg>
`;
}

function styleOf(scheme) {
  return Object.entries(colours)
    .map(([layer, of]) => {
      const [fill, ink] = of[scheme];
      return `.${layer} rect { fill: ${fill}; stroke: ${ink}; } .${layer} text { fill: ${ink}; }`;
    })
    .join("\n");
}

function edgeLine({ sections: [{ startPoint, bendPoints = [], endPoint }] }) {
  const points = [startPoint, ...bendPoints, endPoint].map(({ x, y }) => `${round(x)} ${round(y)}`);
  return `<path d="M${points.join("L")}" marker-end="url(#end)"/>`;
}

function box({ id, x, y, width, height, lines }) {
  const middle = round(x + width / 2);
  const texts = lines.map((line, index) => {
    const kind = index > 0 ? ' class="more"' : "";
    return `<text${kind} x="${middle}" y="${round(y + 20 + index * lineHeight)}">${line}</text>`;
  });
  const frame = `<rect x="${round(x)}" y="${round(y)}" width="${width}" height="${height}" rx="6"/>`;
  return `<g class="${id.split("/")[0]}">${frame}${texts.join("")}</g>`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}
