/** What changes, row by row; removed and added are marked by more than colour. */
import { ui } from "../i18n/ui";
import { useWords } from "../i18n/words";

export type Difference = { what: string; before?: string; after?: string };

export function DiffView(props: { rows: readonly Difference[] }) {
  const say = useWords(ui);
  if (props.rows.length === 0) return <p className="quiet">{say("same")}</p>;
  return (
    <table className="diff">
      <thead>
        <tr>
          <th scope="col">{say("what")}</th>
          <th scope="col">{say("before")}</th>
          <th scope="col">{say("after")}</th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={row.what}>
            <th scope="row">{row.what}</th>
            <td>{row.before === undefined ? "–" : <del>{row.before}</del>}</td>
            <td>{row.after === undefined ? "–" : <ins>{row.after}</ins>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
