"""How the venues list their contracts; what one contract counts stands there."""

from __future__ import annotations

from typing import Any

from tests.market.exchange.orders import Instrument, instruments
from tests.market.exchange.tape import PRICES


def binance_info(base: str, now_ms: int) -> dict[str, Any]:
    """Give the exchangeInfo of spot, USD-M or COIN-M by its base path."""
    feed = "Binance coinm" if base == "/dapi/v1" else "Binance usdm"
    return {
        "timezone": "UTC", "serverTime": now_ms, "rateLimits": [], "exchangeFilters": [],
        "symbols": [_binance_symbol(one, base) for one in instruments(feed)],
    }  # fmt: skip


def _binance_symbol(one: Instrument, base: str) -> dict[str, Any]:
    quote = "USD" if one.inverse else "USDT"
    told: dict[str, Any] = {
        "symbol": one.symbol, "status": "TRADING", "baseAsset": one.asset, "quoteAsset": quote,
        "baseAssetPrecision": 8, "quotePrecision": 8, "orderTypes": ["LIMIT", "MARKET"],
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000", "tickSize": "0.01"},
            {"filterType": "LOT_SIZE", "minQty": "0.001", "maxQty": "1000", "stepSize": "0.001"},
        ],
    }  # fmt: skip
    if base == "/api/v3":
        return told | {"isSpotTradingAllowed": True, "isMarginTradingAllowed": True, "permissions": ["SPOT"]}
    told |= {
        "pair": one.asset + quote, "contractType": "PERPETUAL", "deliveryDate": 4_133_404_800_000,
        "onboardDate": 1_569_398_400_000, "marginAsset": one.asset if one.inverse else quote, "pricePrecision": 2,
        "quantityPrecision": 3, "underlyingType": "COIN", "timeInForce": ["GTC", "IOC"],
    }  # fmt: skip
    if one.inverse:
        told |= {"contractStatus": "TRADING", "contractSize": int(one.unit)}
        del told["status"]
    return told


def bybit_symbol(one: Instrument, category: str) -> dict[str, Any]:
    """Give an instrument as Bybit lists it in a category."""
    quote = "USD" if one.inverse else "USDT"
    told: dict[str, Any] = {
        "symbol": one.symbol, "baseCoin": one.asset, "quoteCoin": quote, "status": "Trading",
        "priceFilter": {"minPrice": "0.01", "maxPrice": "199999.98", "tickSize": "0.01"},
    }  # fmt: skip
    if category == "spot":
        sizes = {
            "basePrecision": "0.000001",
            "quotePrecision": "0.0000001",
            "minOrderQty": "0.00001",
            "maxOrderQty": "71",
        }
        return told | {"innovation": "0", "marginTrading": "both", "lotSizeFilter": sizes}
    return told | {
        "contractType": "InversePerpetual" if one.inverse else "LinearPerpetual", "launchTime": "1584230400000",
        "deliveryTime": "0", "deliveryFeeRate": "", "priceScale": "2",
        "settleCoin": one.asset if one.inverse else quote,
        "leverageFilter": {"minLeverage": "1", "maxLeverage": "100.00", "leverageStep": "0.01"},
        "lotSizeFilter": {"maxOrderQty": "1190.000", "minOrderQty": "0.001", "qtyStep": "0.001"},
        "unifiedMarginTrade": True, "fundingInterval": 480, "copyTrading": "both",
    }  # fmt: skip


def okx_symbol(one: Instrument, kind: str) -> dict[str, str]:
    """Give an instrument as OKX lists it, a SWAP or the SPOT pair of its coin."""
    quote = "USD" if one.inverse else "USDT"
    told = {
        "alias": "", "baseCcy": "", "category": "1", "ctMult": "1", "ctType": "inverse" if one.inverse else "linear",
        "ctVal": str(one.unit), "ctValCcy": "USD" if one.inverse else one.asset, "expTime": "",
        "instFamily": f"{one.asset}-{quote}", "instId": one.symbol, "instType": "SWAP", "lever": "100",
        "listTime": "1573557408000", "lotSz": "1", "minSz": "1",
        "optType": "", "quoteCcy": "", "settleCcy": one.asset if one.inverse else quote, "state": "live", "stk": "",
        "tickSz": "0.1", "uly": f"{one.asset}-{quote}", "maxLmtSz": "100000000", "maxMktSz": "12000",
    }  # fmt: skip
    if kind == "SPOT":
        spot = {"instId": f"{one.asset}-{quote}", "instType": "SPOT", "baseCcy": one.asset, "quoteCcy": quote}
        return (
            told | spot | dict.fromkeys(("ctMult", "ctType", "ctVal", "ctValCcy", "settleCcy", "uly", "instFamily"), "")
        )
    return told


def coinbase_product(asset: str) -> dict[str, Any]:
    """Give a product as Coinbase's Exchange lists it."""
    return {
        "id": f"{asset}-USD", "base_currency": asset, "quote_currency": "USD", "quote_increment": "0.01",
        "base_increment": "0.00000001", "display_name": f"{asset}-USD", "min_market_funds": "1",
        "margin_enabled": False,
        "post_only": False, "limit_only": False, "cancel_only": False, "status": "online", "status_message": "",
        "trading_disabled": False, "fx_stablecoin": False, "auction_mode": False,
    }  # fmt: skip


def advanced_product(asset: str) -> dict[str, Any]:
    """Give a product as Advanced Trade lists it."""
    return {
        "product_id": f"{asset}-USD", "price": str(PRICES[asset]), "base_increment": "0.00000001",
        "quote_increment": "0.01",
        "quote_min_size": "1", "quote_max_size": "150000000", "base_min_size": "0.00000001", "base_max_size": "3400",
        "base_currency_id": asset, "quote_currency_id": "USD", "product_type": "SPOT", "status": "online",
        "trading_disabled": False, "is_disabled": False, "view_only": False, "cancel_only": False,
        "base_display_symbol": asset,
    }  # fmt: skip
