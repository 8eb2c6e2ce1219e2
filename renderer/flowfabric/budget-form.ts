import type { BudgetParams } from "../../shared/flowfabric/limit-operations.ts";

interface DimensionValues {
  name: string;
  hardLimit: number | string;
  softLimit: number | string;
}

/** A budget while it is written; an empty limit is none. */
export interface BudgetValues {
  scopeType: string;
  scopeId: string;
  enforcementMode: string;
  onHardLimit: string;
  onSoftLimit: string;
  resetHours: number | string;
  dimensions: DimensionValues[];
}

const hourMs = 3_600_000;

/** The fields of the command, once they are complete and make sense. */
export function budgetOf(values: BudgetValues): Omit<BudgetParams, "budgetId"> | undefined {
  const { scopeType, scopeId, enforcementMode, onHardLimit, onSoftLimit } = values;
  const words = { scopeType, scopeId, enforcementMode, onHardLimit, onSoftLimit };
  if (Object.values(words).some((word) => word.trim() === "")) return undefined;
  const resetIntervalMs = Math.round(Number(values.resetHours || 0) * hourMs);
  const { dimensions } = values;
  if (dimensions.some(({ name }) => name.trim() === "") || problemsOf(dimensions).some(Boolean))
    return undefined;
  const limits = dimensions.map(({ name, hardLimit, softLimit }) => ({
    name: name.trim(),
    hardLimit: Number(hardLimit || 0),
    softLimit: Number(softLimit || 0),
  }));
  const amounts = [resetIntervalMs, ...limits.flatMap(({ hardLimit, softLimit }) => [hardLimit, softLimit])];
  if (!amounts.every((amount) => Number.isSafeInteger(amount) && amount >= 0)) return undefined;
  return { ...words, resetIntervalMs, dimensions: limits };
}

/** What is wrong with each dimension, in their order. */
export function problemsOf(dimensions: readonly DimensionValues[]): (string | undefined)[] {
  const names = dimensions.map(({ name }) => name.trim());
  return dimensions.map(({ hardLimit, softLimit }, index) => {
    const name = names[index] ?? "";
    if (name !== "" && names.indexOf(name) !== index) return "is there already";
    if (name !== "" && Number(hardLimit || 0) === 0 && Number(softLimit || 0) === 0)
      return "limits nothing yet";
    if (Number(hardLimit || 0) > 0 && Number(softLimit || 0) > Number(hardLimit))
      return "the soft limit is beyond the hard one";
    return undefined;
  });
}
