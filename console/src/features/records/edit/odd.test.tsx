import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Field } from "../model";
import { useOdd } from "./odd";

const REVENUE = { id: "AnnualRevenue", type: "number", label: "Revenue" } as unknown as Field;

function Asked(props: { value: unknown; go: () => void }) {
  const odd = useOdd(REVENUE, props.value);
  return (
    <>
      <input aria-label="Revenue" aria-describedby={odd.shown.toldBy} />
      {odd.words}
      <button type="button" onClick={() => odd.look(props.go)}>
        {odd.anyway ?? "Save"}
      </button>
    </>
  );
}

test("what looks odd is said beside its input, and saved when it is meant", () => {
  const go = vi.fn();
  const { rerender } = render(<Asked value={-5} go={go} />);
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(go).not.toHaveBeenCalled();
  expect(screen.getByRole("alert").id).toBe(
    screen.getByLabelText("Revenue").getAttribute("aria-describedby"),
  );
  const [button] = screen.getAllByRole("button");
  expect(button?.textContent).not.toBe("Save");
  // Another value is another finding; one that is wrong is never saved.
  rerender(<Asked value={1e15} go={go} />);
  for (const _ of [1, 2]) fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(go).not.toHaveBeenCalled();
  rerender(<Asked value={-5} go={go} />);
  for (const _ of [1, 2]) fireEvent.click(screen.getByRole("button"));
  expect(go).toHaveBeenCalledTimes(1);
});
