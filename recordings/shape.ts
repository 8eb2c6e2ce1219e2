/** What JSON values of one kind look like: their types, the keys of their objects, and what their lists hold. */
export interface Shape {
  types: Set<string>;
  objects: number;
  members: Map<string, { shape: Shape; seen: number }>;
  items: Shape | undefined;
}

/** The common shape of values that play the same part. */
export function shapeOf(values: readonly unknown[]): Shape {
  const shape: Shape = { types: new Set(), objects: 0, members: new Map(), items: undefined };
  for (const value of values) add(shape, value);
  return shape;
}

function add(shape: Shape, value: unknown): void {
  shape.types.add(typeOf(value));
  if (Array.isArray(value)) {
    shape.items ??= shapeOf([]);
    for (const item of value) add(shape.items, item);
  } else if (typeof value === "object" && value !== null) {
    shape.objects += 1;
    for (const [name, member] of Object.entries(value)) {
      const known = shape.members.get(name) ?? { shape: shapeOf([]), seen: 0 };
      known.seen += 1;
      add(known.shape, member);
      shape.members.set(name, known);
    }
  }
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

/**
 * Where one shape is not like another that was recorded: a type or a key that was never seen there, or a key that was always
 * there and lacks here. What the recording has no example of is not compared.
 */
export function differences(here: Shape, recorded: Shape, path = "$"): string[] {
  if ([...recorded.types].every((type) => type === "null")) return [];
  const found = [...here.types]
    .filter((type) => !recorded.types.has(type))
    .map((type) => `${path}: ${type} instead of ${[...recorded.types].join(" or ")}`);
  for (const [name, { shape }] of here.members) {
    const known = recorded.members.get(name);
    if (known) found.push(...differences(shape, known.shape, `${path}.${name}`));
    else if (recorded.objects > 0) found.push(`${path}.${name}: unknown key`);
  }
  for (const [name, { seen }] of recorded.members)
    if (seen === recorded.objects && here.objects > 0 && !here.members.has(name))
      found.push(`${path}.${name}: missing`);
  if (here.items && recorded.items) found.push(...differences(here.items, recorded.items, `${path}[]`));
  return found;
}
