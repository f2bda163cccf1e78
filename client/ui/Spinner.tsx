// A small turning ring. It is decoration: whatever is busy says so in words or through aria-busy.

export function Spinner() {
  return <span className="spinner" aria-hidden="true" />;
}
