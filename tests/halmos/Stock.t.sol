// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.24;

import {Code} from "./Code.sol";
import {IStock} from "./IStock.sol";

interface Vm {
    function etch(address, bytes calldata) external;
    function prank(address) external;
    function assume(bool) external pure;
    function warp(uint256) external;
}

interface Svm {
    function enableSymbolicStorage(address) external;
    function createAddress(string memory) external returns (address);
    function createUint256(string memory) external returns (uint256);
    function createBytes(uint256, string memory) external returns (bytes memory);
}

interface IRegistry {
    struct Entry { uint64 investor; address wallet; uint16 country; uint8 investor_class; uint256 expiry; }
    function onboard(bytes32, Entry[] calldata) external;
    function registerToken(address) external returns (uint256);
    function block(bytes32, uint64, uint16, bytes32) external;
    function renew(bytes32, uint64, uint256) external;
    function unlinkWallet(bytes32, uint64, address, uint16, bytes32) external;
    function isCleared(address) external view returns (bool);
}

/// A registry that answers anything at all: its storage is symbolic.
contract AnyRegistry {
    mapping(address => uint256) words;
    function enrol(address account) external view returns (uint256) { return words[account]; }
    function record(address account) external view returns (uint256) { return words[account]; }
    function moved(address, address, uint256, bool) external {}
}

/// A role table in which nobody has a role, and one in which everybody has all.
contract NoRoles { function hasRole(bytes32, address) external pure returns (bool) { return false; } }
contract AllRoles { function hasRole(bytes32, address) external pure returns (bool) { return true; } }

/// A reserve that covers everything.
contract Backed { function check(uint256, uint256, uint256, uint256) external pure returns (bool) { return true; } }

abstract contract Base {
    Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    Svm constant svm = Svm(address(uint160(uint256(keccak256("svm cheat code")))));
    address constant STOCK = address(0x1000);
    IStock constant stock = IStock(STOCK);

    function place() internal {
        vm.etch(STOCK, Code.stock());
        vm.etch(Code.EXTENSION, Code.extension());
    }
}

/// What holds whatever is in a stock's storage, whatever the registry answers, for whoever has no role.
contract AnyState is Base {
    function setUp() public {
        place();
        vm.etch(Code.ROLES, type(NoRoles).runtimeCode);
        vm.etch(Code.REGISTRY, type(AnyRegistry).runtimeCode);
        svm.enableSymbolicStorage(STOCK);
        svm.enableSymbolicStorage(Code.REGISTRY);
    }

    /// A transfer moves exactly its amount: the sum of balances and the supply stay, and no third account is touched.
    function check_transfer_conserves(address from, address to, address third, uint256 amount) public {
        vm.assume(third != from && third != to);
        uint256 fromBefore = stock.balanceOf(from);
        uint256 toBefore = stock.balanceOf(to);
        uint256 supply = stock.totalSupply();
        uint256 other = stock.accountWord(third);
        // The supply is the sum of balances (an invariant of the state machine): without it balances could be anything.
        vm.assume(from == to ? fromBefore <= supply : fromBefore + toBefore <= supply);
        vm.prank(from);
        stock.transfer(to, amount);
        if (from == to) {
            assert(stock.balanceOf(from) == fromBefore);
        } else {
            assert(stock.balanceOf(from) == fromBefore - amount);
            assert(stock.balanceOf(to) == toBefore + amount);
        }
        assert(stock.totalSupply() == supply);
        assert(stock.accountWord(third) == other);
    }

    /// The registry's news changes the registry's bits of a word, all of them, and nothing else of it.
    function check_word_keeps_its_owners_apart(address account, uint256 news) public {
        uint256 bits = ((2 ** 40 - 1) << 128) | (1 << 169) | (1 << 170) | (1 << 173);
        uint256 word = stock.accountWord(account);
        vm.prank(Code.REGISTRY);
        stock.sync(account, news);
        assert(stock.accountWord(account) & ~bits == word & ~bits);
        assert(stock.accountWord(account) & bits == news & bits);
    }

    /// What a person is shown is never more than the raw units stand for.
    function check_ui_never_rounds_up(uint128 raw) public view {
        assert(stock.toUIAmount(raw) * 1e18 <= uint256(raw) * stock.uiMultiplier());
    }
}

/// One entry of the stock at a time, with any arguments: it lessens no other account's balance for a caller without
/// allowance, signature or role. The checks themselves are written by tools/halmos.py, one for each function that writes.
abstract contract AnyEntry is AnyState {
    function no_path(address caller, address victim, address payer, bytes memory call) internal {
        vm.assume(caller != victim && caller != Code.REGISTRY && caller != STOCK);
        vm.assume(stock.allowance(victim, caller) == 0);
        uint256 before = stock.balanceOf(victim);
        // The supply is the sum of balances: two of them fit it.
        vm.assume(before <= stock.totalSupply());
        if (payer != victim) vm.assume(before + stock.balanceOf(payer) <= stock.totalSupply());
        vm.prank(caller);
        (bool done,) = STOCK.call(call);
        // A call that is refused has done nothing.
        if (done) assert(stock.balanceOf(victim) >= before);
    }
}

/// The real registry and a stock that has an investor enrolled: one step of the desk, then any time.
contract Coherence is Base {
    IRegistry constant registry = IRegistry(Code.REGISTRY);
    address constant ALICE = address(0xA11CE);
    uint256 constant EXPIRY = 2_000_000_000;

    function setUp() public {
        place();
        vm.etch(Code.ROLES, type(AllRoles).runtimeCode);
        vm.etch(Code.REGISTRY, Code.registry());
        vm.etch(Code.FEED, type(Backed).runtimeCode);
        vm.warp(1_700_000_000);
        stock.initialize("Stock", "STK", "US0000000000", 0);
        registry.registerToken(STOCK);
        IRegistry.Entry[] memory entries = new IRegistry.Entry[](1);
        entries[0] = IRegistry.Entry(1, ALICE, 276, 1, EXPIRY);
        registry.onboard(bytes32(uint256(1)), entries);
        stock.mint(ALICE, 1 ether);
        // Without a copy of her standing in the stock there would be nothing to prove.
        assert(stock.accountWord(ALICE) & (1 << 170) != 0 && stock.canSend(ALICE));
    }

    /// After any one act of the desk, at any time: who the stock lets send is cleared in the registry.
    function check_cache_is_never_more_permissive(uint256 act, uint256 expiry, uint16 reason, bytes32 document, uint256 later)
        public
    {
        bytes32 key = bytes32(uint256(2));
        if (act == 0) registry.block(key, 1, reason, document);
        else if (act == 1) registry.renew(key, 1, expiry);
        else if (act == 2) registry.unlinkWallet(key, 1, ALICE, reason, document);
        vm.assume(later >= 1_700_000_000 && later < 2 ** 40);
        vm.warp(later);
        assert(!stock.canSend(ALICE) || registry.isCleared(ALICE));
    }
}
