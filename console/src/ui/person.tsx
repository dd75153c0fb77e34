import { ui } from "../i18n/ui";
import { useWords } from "../i18n/words";

/** A person: first letter, name, and the id when it says something else. */
export function PersonTag(props: { id: string; name?: string | undefined; withId?: boolean }) {
  const { id, withId } = props;
  const say = useWords(ui);
  // Who works at the machine itself is known by their number there alone.
  if (id.startsWith("uid:")) {
    return (
      <span className="quiet" title={id}>
        {say("machine")}
      </span>
    );
  }
  const name = props.name || id;
  return (
    <span className="person" title={id}>
      <span className="round" aria-hidden>
        {[...name][0]?.toUpperCase()}
      </span>
      <span>
        {name}
        {withId && name !== id && <span className="quiet"> {id}</span>}
      </span>
    </span>
  );
}
