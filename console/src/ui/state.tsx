/** What a screen shows when it has nothing to show: loading, empty, forbidden, failed. */
import { InboxOutlined, LockOutlined, WarningOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { problemOf } from "../api/client";
import { ui } from "../i18n/ui";
import { useWords } from "../i18n/words";
import { AskLink } from "./ask";
import { ProblemNote } from "./problem";

/** Codes of answers that mean: this person may not. A `denied` has a reference, so it is shown with it. */
const REFUSED = ["power_missing", "may_not_administer", "scope_missing"];

export function Empty(props: { title?: string; children?: ReactNode }) {
  const say = useWords(ui);
  return (
    <div className="state">
      <InboxOutlined aria-hidden />
      <h2>{props.title ?? say("empty")}</h2>
      {props.children && <p>{props.children}</p>}
    </div>
  );
}

export function Forbidden() {
  const say = useWords(ui);
  return (
    <div className="state">
      <LockOutlined aria-hidden />
      <h2>{say("forbidden")}</h2>
      <p>{say("forbiddenWhy")}</p>
    </div>
  );
}

export function Missing(props: { reference?: unknown }) {
  const say = useWords(ui);
  const { reference } = props;
  return (
    <div className="state">
      <WarningOutlined aria-hidden />
      <h2>{say("missing")}</h2>
      <p>{say("missingWhy")}</p>
      <p>
        <Link to="/">{say("home")}</Link>
      </p>
      {reference != null && (
        <p>
          <Link to={`/explain/${reference}` as string}>
            {say("reference", { n: String(reference) })}
          </Link>{" "}
          · <AskLink reference={String(reference)} />
        </p>
      )}
    </div>
  );
}

export function Loading() {
  const say = useWords(ui);
  return (
    <div role="status" aria-label={say("loading")} style={{ padding: 24 }}>
      <Skeleton active title={false} paragraph={{ rows: 6 }} />
    </div>
  );
}

export function Failed(props: { error: unknown; retry?: () => void }) {
  const say = useWords(ui);
  const { code, reference } = problemOf(props.error);
  if (REFUSED.includes(code)) return <Forbidden />;
  if (code === "not_found") return <Missing reference={reference} />;
  return (
    <div className="state">
      <ProblemNote error={props.error} />
      {props.retry && <Button onClick={props.retry}>{say("retry")}</Button>}
    </div>
  );
}

/** Shows an answer, or why there is none yet. Pass it what `useQuery` returns. */
export function Answered<T>(props: {
  of: { data: T | undefined; error: unknown; refetch: () => unknown };
  children: (data: T) => ReactNode;
}) {
  const { data, error, refetch } = props.of;
  if (data !== undefined) return props.children(data);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  return <Loading />;
}
