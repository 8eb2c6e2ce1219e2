/** What is always there comes after what belongs to the page that is looked at. */
const last = ["Table", "Drawer", "Go to", "Connections", "View", "Help"];

/** Puts shortcuts of the present page before those of the whole console; each group keeps its order. */
export function inOrder<Member extends { group: string }>(members: readonly Member[]): Member[] {
  const rank = ({ group }: Member) => last.indexOf(group);
  return [...members].sort((left, right) => rank(left) - rank(right));
}
