export default function SnapshotsPage(_: { articleId: string }) {
  return null;
}
