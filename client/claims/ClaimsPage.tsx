// The claims of an article, by state.
import { Page } from '../app/Page.tsx';

export default function ClaimsPage({ articleId }: { articleId: string }) {
  return <Page title={articleId}>{null}</Page>;
}
