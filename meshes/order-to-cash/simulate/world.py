"""Tell the story of every order, from the order to the cash, and let each unit's system write down its part."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from bank_feed import BankFeed
from carrier_files import CarrierFiles
from credit_files import CreditFiles
from invoicing_api import InvoiceBook
from order_database import OrderDatabase
from parties import Party, make_parties, variant_of
from receivables_database import ReceivablesDatabase
from truth import Truth

FIRST_DAY = date(2026, 1, 1)
ORDER_DAYS = 90
LAST_DAY = date(2026, 4, 30)  # what would happen later has not happened yet
ORDERS_PER_SCALE = 1000
_PRICES_CENTS = (450, 1290, 1999, 2495, 4900, 7250, 12900, 34900, 89900)


@dataclass(frozen=True)
class Customer:
    """One customer record of the order management; a company may have two."""

    customer_no: str
    party: Party
    name: str


def simulate(out: Path, *, seed: int, scale: float) -> dict[str, int]:
    """Make all systems below `out` and return how many rows each wrote."""
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)

    # A stream of chance for each matter: what one of them draws does not move the others.
    def chance(matter: str) -> Random:
        return Random(f"{seed}/{scale}/{matter}")

    truth = Truth(out, chance("dirt"))
    parties = make_parties(chance("parties"), max(20, round(120 * scale)))
    orders = OrderDatabase(out, truth)
    credit = CreditFiles(out, truth)
    carriers = CarrierFiles(out, truth, FIRST_DAY)
    invoices = InvoiceBook(out, truth)
    receivables = ReceivablesDatabase(out, truth)
    bank = BankFeed(out, truth)

    customers = _register(parties, orders, credit, receivables, truth, chance("names"))
    random = chance("orders")
    total = max(1, round(ORDERS_PER_SCALE * scale))
    for number in range(total):
        day = FIRST_DAY + timedelta(days=number * ORDER_DAYS // total)
        for dated in (credit, carriers, bank):
            dated.write_before(day)
        _tell(number, day, random, customers, orders, credit, carriers, invoices, receivables, bank)
    bank.others(chance("others"), total // 60, FIRST_DAY, LAST_DAY)

    rows: dict[str, int] = {}
    for system in (orders, credit, carriers, invoices, receivables, bank):
        rows |= system.close()
    truth.close(seed, scale, rows)
    return rows


def _register(
    parties: list[Party],
    orders: OrderDatabase,
    credit: CreditFiles,
    receivables: ReceivablesDatabase,
    truth: Truth,
    random: Random,
) -> list[Customer]:
    """Let each unit write down the companies in its own way; returns the records that order."""
    customers: list[Customer] = []
    for party in parties:
        spellings = [party.name]
        if truth.turn("duplicate_customer", 25):
            spellings.append(variant_of(party.name, random))
        for spelling in spellings:
            customer_no = orders.customer(party, spelling)
            customers.append(Customer(customer_no, party, spelling))
            if spelling is not spellings[0]:
                truth.plant("orders", "customers", customer_no, "duplicate_customer")
        if truth.turn("prospect", 40):
            orders.prospect(party)
        credit.debtor(party, variant_of(party.name, random) if random.random() < 0.4 else party.name)
        receivables.account(party, variant_of(party.name, random) if random.random() < 0.4 else party.name)
    return customers


def _tell(
    number: int,
    day: date,
    random: Random,
    customers: list[Customer],
    orders: OrderDatabase,
    credit: CreditFiles,
    carriers: CarrierFiles,
    invoices: InvoiceBook,
    receivables: ReceivablesDatabase,
    bank: BankFeed,
) -> None:
    """One order: ordered, checked, shipped, invoiced, owed, paid."""
    customer = random.choice(customers)
    party = customer.party
    ordered_at = datetime.combine(day, time(7)) + timedelta(minutes=random.randrange(600))
    lines = [(random.randrange(1, 13), random.choice(_PRICES_CENTS)) for _ in range(random.randrange(1, 6))]
    net_cents = sum(quantity * price for quantity, price in lines)
    cancelled = random.random() < 0.03
    order_no = orders.order(number, customer.customer_no, ordered_at, lines, cancelled=cancelled)
    if cancelled:
        return

    approved = random.random() < 0.96
    decided_at = ordered_at + timedelta(minutes=random.randrange(3, 2000))
    credit.decision(order_no, party, decided_at, approved=approved, score=random.randrange(200, 980))
    if not approved:
        return

    parts = 2 if len(lines) > 3 and random.random() < 0.3 else 1
    shipped_at = decided_at
    for _ in range(parts):
        shipped_at += timedelta(hours=random.randrange(4, 60))
        delivered_at = shipped_at + timedelta(hours=random.randrange(20, 150))
        carriers.shipment(order_no, party, customer.name, shipped_at, delivered_at, random.randrange(200, 64000))
    if random.random() < 0.02:
        return  # shipped and never invoiced: what the order-to-cash view is there to find

    issued_on = shipped_at.date() + timedelta(days=random.randrange(3))
    due_on = issued_on + timedelta(days=random.choice((14, 30)))
    invoice_no, total_cents = invoices.invoice(order_no, customer.customer_no, issued_on, due_on, net_cents)
    receivables.open_item(party, invoice_no, issued_on, due_on, total_cents)

    if random.random() < 0.07:
        return  # never paid
    shares = [total_cents]
    if random.random() < 0.05:
        shares = [total_cents // 2, total_cents - total_cents // 2]
    paid_on = due_on
    for share in shares:
        paid_on = max(issued_on, paid_on + timedelta(days=party.days_late + random.randrange(-6, 9)))
        if paid_on <= LAST_DAY:
            bank.payment(party, invoice_no, paid_on, share, random, whole=len(shares) == 1)
