import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { formatQuantity } from "../format.ts";
import { saveFile, timedFileName } from "../save-file.ts";
import type { DataColumn } from "./column.ts";
import { toCsv, toNdjson } from "./delimited.ts";

interface ExportMenuProps<Row> {
  name: string;
  columns: readonly DataColumn<Row>[];
  /** The shown rows in their order, or the chosen ones. */
  rows: () => readonly Row[];
  count: number;
  onCopy: () => void;
}

/** Copies the rows as text for a spreadsheet, or saves them as CSV or NDJSON. */
export function ExportMenu<Row>({ name, columns, rows, count, onCopy }: ExportMenuProps<Row>) {
  const save = (extension: string, mediaType: string, text: string) =>
    saveFile({ name: timedFileName(name, extension, Date.now()), mediaType, text });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label="Copy or export">
          <ActionIcon aria-label="Copy or export">
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{formatQuantity(count, "row")}</Menu.Label>
        <Menu.Item onClick={onCopy}>Copy as text (TSV)</Menu.Item>
        <Menu.Item onClick={() => save("csv", "text/csv", toCsv(columns, rows()))}>Export CSV</Menu.Item>
        <Menu.Item onClick={() => save("ndjson", "application/x-ndjson", toNdjson(rows()))}>
          Export NDJSON (whole rows)
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
