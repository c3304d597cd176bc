import { describe, expect, it } from 'vitest';
import type { Language } from '../../../functions/core/snapshot.ts';
import { renderedPage, sectionOf, visibleText } from '../../support/page-text.ts';
import { aSnapshot } from '../../support/snapshot-fixture.ts';
import { occupancyView, profilesView } from '../../support/stage-fixture.ts';

function text(language: Language, views = [occupancyView(), profilesView()]): string {
  return visibleText(sectionOf(renderedPage(aSnapshot(views), language), 'profiles'));
}

describe('stage profiles', () => {
  it("puts the business's question and the customer's goal side by side", () => {
    expect(text('tr')).toContain(
      'Soru Kaç kişiye, hangi maliyetle ulaşıyoruz? Müşterinin amacı Markayı ve ürünleri tanımak',
    );
    expect(text('en')).toContain("The customer's goal Get to know the brand and its products");
  });

  it('tells customers, target, roles, channels and strategies', () => {
    expect(text('tr')).toContain(
      '1 Erişim ve farkındalık 18.240 müşteri · İlerleme hedefi %3,0, 30 günde (varsayılan)',
    );
    expect(text('tr')).toContain(
      'Sorumlu Pazarlama Destekleyen Dijital reklam, İçerik Kanallar Web sitesi, Mobil',
    );
    expect(text('en')).toContain('Strategies Shopping and social ads Search optimisation');
    expect(text('en')).toContain('5 Advocacy 1,140 customers · no target');
  });

  it('gives built indicators their value, marks planned ones, and says why one is empty', () => {
    const turkish = text('tr');

    expect(turkish).toContain('Göstergeler Ziyaret sayısı 412.300');
    expect(turkish).toContain('Yeni ziyaretçi başına maliyet planlandı');
    expect(turkish).toContain('Ortalama sipariş değeri ₺1.249,90');
    expect(turkish).toContain('İkinci satın almaya kadar geçen gün dönem henüz olgunlaşmadı');
    expect(turkish).toContain('Göstergeler: Eylül 2026.');
  });

  it('does without the number of customers where that view is not there', () => {
    expect(text('en', [profilesView()])).toContain('1 Reach and awareness Advance target 3.0% in 30 days');
  });

  it('leaves out the heading of what a stage does not say', () => {
    const view = profilesView();
    const at = view.columns.findIndex(({ key }) => key === 'item_kind');
    const without = (...kinds: readonly string[]) =>
      text('en', [{ ...view, rows: view.rows.filter((row) => !kinds.includes(String(row[at]))) }]);

    expect(without('customer_goal')).toContain('Question How many people');
    expect(without('customer_goal')).not.toContain("The customer's goal");
    expect(without('customer_goal', 'question')).not.toContain('Question');
    expect(without('customer_goal', 'question')).toContain('Responsible Marketing');
  });
});
