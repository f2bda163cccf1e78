// The open article: its columns and margin.
import { Page } from '../app/Page.tsx';

export default function WorkspacePage({ articleId }: { articleId: string }) {
  return <Page title={articleId}>{null}</Page>;
}
