/** A name, with the id beside it where that says more. */
export function Named(props: { name: string; id: string }) {
  const { name, id } = props;
  if (name === id) return id === "" ? "–" : <span className="code">{id}</span>;
  return (
    <>
      {name} <small className="code quiet">{id}</small>
    </>
  );
}
