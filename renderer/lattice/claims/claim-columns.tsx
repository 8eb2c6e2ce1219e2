import type { Claim } from "../../../shared/lattice/artifact-operations.ts";
import { IdCell } from "../../ui/data-table/cells.tsx";
import type { DataColumn } from "../../ui/data-table/column.ts";

/** The columns of the claims page; their ids are the names in the filter. */
export const claimColumns: readonly DataColumn<Claim>[] = [
  {
    id: "name",
    header: "Name",
    width: 200,
    value: ({ name }) => name,
    render: ({ name }) => <strong>{name || "no name"}</strong>,
  },
  { id: "kind", header: "Kind", width: 100, value: ({ kind }) => kind },
  { id: "version", header: "Version", width: 90, mono: true, value: ({ version }) => version },
  {
    id: "revision",
    header: "Revision",
    width: 80,
    align: "end",
    value: ({ revision }) => revision,
    sortValue: ({ revision }) => Number(revision) || 0,
  },
  {
    id: "issuer",
    header: "Issuer",
    width: 150,
    mono: true,
    value: ({ issuer }) => issuer,
    render: ({ issuer }) => <IdCell id={issuer} />,
  },
  {
    id: "subject",
    header: "Signing key",
    width: 150,
    mono: true,
    value: ({ subject }) => subject,
    render: ({ subject }) => <IdCell id={subject} />,
  },
  { id: "tags", header: "Tags", width: 160, value: ({ tags }) => tags },
  { id: "alias", header: "Call alias", width: 110, mono: true, value: ({ callAlias }) => callAlias },
];
