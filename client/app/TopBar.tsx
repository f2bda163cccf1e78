// The bar at the top: the name, where one can go, what one was told, who one is. A page may put its own things into it.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { AccountMenu } from './AccountMenu.tsx';
import { Notifications } from './Notifications.tsx';
import { Offline } from './Offline.tsx';
import { Wordmark } from './Wordmark.tsx';

export interface TopBarProps {
  /** Takes the place of name and navigation, e.g. the way back and the title of an article. */
  leading?: ReactNode;
  /** Before bell and account. */
  trailing?: ReactNode;
}

export function TopBar({ leading, trailing }: TopBarProps) {
  const { t } = useTranslation();
  return (
    <>
      <a className="skip-link" href="#main">
        {t('app.skipToContent')}
      </a>
      <header className="top-bar">
        <div className="top-bar-leading">{leading ?? <Navigation />}</div>
        <div className="top-bar-trailing">
          {trailing}
          <Notifications />
          <AccountMenu />
        </div>
      </header>
      <Offline />
    </>
  );
}

function Navigation() {
  const { t } = useTranslation();
  const [location] = useLocation();
  const places = [
    { href: '/', label: t('app.desk') },
    { href: '/people', label: t('app.people') },
  ];
  return (
    <>
      <Link href="/" className="top-bar-name" aria-label={t('app.name')}>
        <Wordmark />
      </Link>
      <nav className="top-bar-nav" aria-label={t('app.navigation')}>
        {places.map(({ href, label }) => (
          <Link key={href} href={href} className="top-bar-place" aria-current={location === href ? 'page' : undefined}>
            {label}
          </Link>
        ))}
      </nav>
    </>
  );
}
