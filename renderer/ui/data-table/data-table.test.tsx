import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { show } from "../../testing/show.tsx";
import type { DataColumn } from "./column.ts";
import { DataTable } from "./data-table.tsx";

interface Host {
  name: string;
  zone: string;
  instances: number;
}

const hosts: readonly Host[] = [
  { name: "quiet-river", zone: "eu-1", instances: 3 },
  { name: "amber-field", zone: "eu-2", instances: 12 },
  { name: "misty-valley", zone: "us-1", instances: 1 },
];
const columns: readonly DataColumn<Host>[] = [
  { id: "name", header: "Name", value: (host) => host.name },
  { id: "zone", header: "Zone", value: (host) => host.zone },
  { id: "instances", header: "Instances", value: (host) => host.instances, align: "end" },
];

/** A table of three hosts, and what was opened and chosen in it. */
async function table() {
  const opened: string[] = [];
  const { user } = show(
    <DataTable
      id="hosts"
      rows={hosts}
      rowKey={(host) => host.name}
      columns={columns}
      phase="ready"
      empty={{ title: "There is no host", text: "One appears when it starts." }}
      onOpen={(host) => opened.push(host.name)}
      selectable
      bulkActions={(rows) => <p>{`chosen: ${rows.map(({ name }) => name).join(", ")}`}</p>}
    />,
  );
  await waitFor(() => expect(names()).toHaveLength(hosts.length));
  return { user, opened };
}

/** The names that are shown, from top to bottom. */
function names(): string[] {
  const rows = screen.getAllByRole("row").filter((row) => Number(row.getAttribute("aria-rowindex")) > 1);
  return rows
    .sort((a, b) => Number(a.getAttribute("aria-rowindex")) - Number(b.getAttribute("aria-rowindex")))
    .map((row) => within(row).getAllByRole("gridcell").at(1)?.textContent ?? "");
}

describe("a table", () => {
  it("is in the order of its first column, and of another one when its head is pressed", async () => {
    const { user } = await table();
    expect(names()).toEqual(["amber-field", "misty-valley", "quiet-river"]);
    const head = screen.getByRole("columnheader", { name: /Instances/ });
    await user.click(within(head).getByRole("button"));
    await waitFor(() => expect(names()).toEqual(["misty-valley", "quiet-river", "amber-field"]));
    expect(head.getAttribute("aria-sort")).toBe("ascending");
  });

  it("shows what the filter takes, counts it, and keeps the text in the address", async () => {
    const { user } = await table();
    const field = screen.getByRole("searchbox");
    await user.type(field, "zone:eu-1");
    await waitFor(() => expect(names()).toEqual(["quiet-river"]));
    await waitFor(() => expect(decodeURIComponent(window.location.hash)).toContain("zone:eu-1"));
    await user.clear(field);
    await user.type(field, "nothing-like-it");
    await waitFor(() => expect(screen.getByRole("grid").textContent).not.toContain("quiet-river"));
    expect(screen.queryByText("There is no host")).toBeNull();
  });

  it("moves and opens by the keyboard", async () => {
    const { user, opened } = await table();
    screen.getByRole("grid").focus();
    await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    expect(opened).toEqual(["misty-valley"]);
    await user.keyboard("{End}{Enter}{Home}{Enter}");
    expect(opened).toEqual(["misty-valley", "quiet-river", "amber-field"]);
  });

  it("selects by the space bar, and offers what can be done with what is selected", async () => {
    const { user } = await table();
    screen.getByRole("grid").focus();
    await user.keyboard("{ArrowDown} {ArrowDown} ");
    expect(screen.getByText("chosen: amber-field, misty-valley")).toBeTruthy();
    await user.keyboard(" ");
    expect(screen.getByText("chosen: amber-field")).toBeTruthy();
  });
});
