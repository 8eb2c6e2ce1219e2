import type { Scope } from "../../shared/contract/index.ts";

export const scopeText: Record<Scope, string> = { read: "read", change: "read and change" };

export const scopeChoices = (["read", "change"] as const).map((value) => ({
  value,
  label: scopeText[value],
}));
