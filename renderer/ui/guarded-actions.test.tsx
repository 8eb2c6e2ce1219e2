import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { show } from "../testing/show.tsx";
import { type GuardAnswer, GuardedActions, type GuardedPlace } from "./guarded-actions.tsx";

const production: GuardedPlace = {
  name: "production",
  environment: "PROD",
  color: "#e03131",
  guard: "open",
};

/** The end of a dialog at a place, and what it was answered with. */
function at(place: Partial<GuardedPlace>, options: { disabled?: boolean; askReason?: boolean } = {}) {
  const answers: GuardAnswer[] = [];
  let cancelled = 0;
  const { user } = show(
    <GuardedActions
      place={{ ...production, ...place }}
      actionLabel="Scale cart to 3"
      onConfirm={(answer) => answers.push(answer)}
      onCancel={() => cancelled++}
      {...options}
    />,
  );
  const action = () => screen.getByRole<HTMLButtonElement>("button", { name: "Scale cart to 3" });
  return { user, answers, action, cancelled: () => cancelled };
}

describe("the end of a dialog", () => {
  it("is one click at an open place, and keeps the reason without what surrounds it", async () => {
    const { user, answers, action } = at({});
    await user.type(screen.getByLabelText("Reason"), "  more load ");
    await user.click(action());
    expect(answers).toEqual([{ confirmed: {}, reason: "more load" }]);
  });

  it("sends no reason that was not given, and asks for none where it would be kept nowhere", async () => {
    const { user, answers, action } = at({}, { askReason: false });
    expect(screen.queryByLabelText("Reason")).toBeNull();
    await user.click(action());
    expect(answers).toEqual([{ confirmed: {} }]);
  });

  it("wants the whole name of a protected place", async () => {
    const { user, answers, action } = at({ guard: "protected", relockMinutes: 5 });
    const field = screen.getByLabelText("Type production to unlock");
    expect(screen.getByText(/unlocks it for 5 minutes/)).toBeTruthy();
    for (const wrong of ["productio", "n ", "{Backspace}{Backspace}N"]) {
      await user.type(field, wrong);
      expect(action().disabled).toBe(true);
    }
    await user.clear(field);
    await user.type(field, "production");
    await user.click(action());
    expect(answers).toEqual([{ confirmed: { phrase: "production" } }]);
  });

  it("asks for no name while a protected place is unlocked", async () => {
    const unlockedUntil = new Date(Date.now() + 600_000).toISOString();
    const { user, answers, action } = at({ guard: "protected", unlockedUntil });
    expect(screen.queryByLabelText(/^Type/)).toBeNull();
    await user.click(action());
    expect(answers).toEqual([{ confirmed: {} }]);
  });

  it("offers nothing but to close at a read-only place", async () => {
    const { user, answers, cancelled } = at({ guard: "read-only" });
    expect(screen.getAllByRole("button").map((button) => button.textContent)).toEqual(["Close"]);
    expect(screen.queryByLabelText("Reason")).toBeNull();
    await user.keyboard("{Enter}");
    await user.click(screen.getByRole("button"));
    expect([answers, cancelled()]).toEqual([[], 1]);
  });

  it("cannot be confirmed while the form is not complete", async () => {
    const { user, answers, action } = at({}, { disabled: true });
    await user.click(action());
    expect(answers).toEqual([]);
  });
});
