/** A person: first letter, name, and the id when it says something else. */
export function PersonTag(props: { id: string; name?: string | undefined; withId?: boolean }) {
  const { id, withId } = props;
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
