import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { Moment, zoneOf } from "./moment";

test("a moment tells its zone and its seconds where it is pointed at", () => {
  const { container } = render(<Moment at="2026-01-31T08:00:05Z" />);
  const shown = container.querySelector("time");
  expect(shown?.textContent).toMatch(/^2026-01-31 \d\d:\d\d$|^2026-0[12]-\d\d \d\d:\d\d$/);
  expect(shown?.title).toMatch(/:05 .+ \(UTC[+-]\d\d:\d\d\)$/);
  expect(shown?.dateTime).toBe("2026-01-31T08:00:05.000Z");
  expect(zoneOf()).toContain("UTC");
  expect(render(<Moment at={null} />).container.textContent).toBe("–");
});
