/** The head of a screen: its title (also the window's), one sentence on what it is for, and its acts. */
import { type ReactNode, useEffect } from "react";

export function PageHeader(props: { title: string; about?: ReactNode; acts?: ReactNode }) {
  const { title, about, acts } = props;
  useEffect(() => {
    document.title = `${title} · Guan 关`;
  }, [title]);
  return (
    <header className="head">
      <div>
        <h1>{title}</h1>
        {about && <p>{about}</p>}
      </div>
      {acts}
    </header>
  );
}

/** Names and values, for drawers and details. */
export function Facts(props: { rows: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {props.rows.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value ?? "–"}</dd>
        </div>
      ))}
    </dl>
  );
}
