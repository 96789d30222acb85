// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.24;

import {Code} from "./Code.sol";
import {IStock} from "./IStock.sol";

interface Vm {
    function etch(address, bytes calldata) external;
    function prank(address) external;
    function assume(bool) external pure;
    function warp(uint256) external;
    function store(address, bytes32, bytes32) external;
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
contract Backed { function check(uint256, uint256, uint256, uint256, uint256) external pure returns (bool) { return true; } }

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
    function no_path(address caller, address victim, bytes memory call) internal {
        vm.assume(caller != victim && caller != Code.REGISTRY && caller != STOCK);
        vm.assume(stock.allowance(victim, caller) == 0);
        uint256 before = stock.balanceOf(victim);
        // The supply is the sum of balances.
        vm.assume(before <= stock.totalSupply());
        vm.prank(caller);
        (bool done,) = STOCK.call(call);
        // A call that is refused has done nothing.
        if (done) assert(stock.balanceOf(victim) >= before);
    }

    /// Assumed where a planted fault is looked for, which any counterexample proves.
    function nothing_held(address victim) internal view {
        vm.assume((stock.accountWord(victim) >> 171) & 3 == 0);
    }
}

/// What the two functions that anybody moves units with do, in each case of tools/halmos_proofs.py, which has the checks
/// written. Whoever calls, whoever the accounts are: addresses are symbols.
abstract contract AnyMovement is AnyState {
    /// Flags PARTIAL (1) and LOCKED (2) are `flags` where `mask` has them; `policy` 2 stands for any clearance.
    struct Case { uint256 mask; uint256 flags; uint256 lockups; uint256 policy; }

    /// A transfer moves exactly its amount: the sum of balances and the supply stay, and no third account is touched.
    function transfer(address, address from, address to, address third, uint256 amount, Case memory state) internal {
        uint256[4] memory was = begin(from, to, third, state);
        vm.prank(from);
        stock.transfer(to, amount);
        end(from, to, third, amount, was);
    }

    /// The same of transferFrom, whose amount the owner has allowed the caller: without an allowance nothing moves.
    function transferFrom(address caller, address from, address to, address third, uint256 amount, Case memory state) internal {
        uint256[4] memory was = begin(from, to, third, state);
        uint256 allowed = stock.allowance(from, caller);
        vm.prank(caller);
        stock.transferFrom(from, to, amount);
        assert(amount <= allowed);
        end(from, to, third, amount, was);
    }

    function begin(address from, address to, address third, Case memory state) private returns (uint256[4] memory was) {
        was = [stock.accountWord(from), stock.accountWord(to), stock.accountWord(third), stock.totalSupply()];
        vm.assume(third != from && third != to);
        vm.assume((was[0] >> 171) & state.mask == state.flags);
        for (uint256 i = state.lockups; i < 4; i++) {
            vm.store(STOCK, bytes32(uint256(keccak256(abi.encode(Code.LOCKS, from))) + i), 0);
        }
        if (state.policy != 2) {
            vm.assume(stock.policy() == state.policy);
            stands(was[0], state.policy);
            stands(was[1], state.policy);
        }
        unchecked {
            // The supply is the sum of balances (an invariant of the state machine): without it they could be anything.
            vm.assume(uint256(uint128(was[0])) + (from == to ? 0 : uint256(uint128(was[1]))) <= was[3]);
        }
    }

    /// A word passes as it is: this epoch, neither blocked nor frozen, and cleared where the policy asks.
    function stands(uint256 word, uint256 policy) private {
        vm.assume(word >> 176 == stock.epoch());
        vm.assume((word >> 168) & 3 == 0);
        if (policy == 0) vm.assume(block.timestamp < (word >> 128) & (2 ** 40 - 1));
    }

    function end(address from, address to, address third, uint256 amount, uint256[4] memory was) private view {
        unchecked {
            // One comparison, for a branch costs the prover more than a bit: whatever differs is in `wrong`.
            uint256 wrong = stock.totalSupply() ^ was[3] | stock.accountWord(third) ^ was[2];
            if (from == to) {
                wrong |= stock.balanceOf(from) ^ uint128(was[0]);
            } else {
                wrong |= stock.balanceOf(from) ^ (uint256(uint128(was[0])) - amount);
                wrong |= stock.balanceOf(to) ^ (uint256(uint128(was[1])) + amount);
            }
            assert(wrong == 0);
        }
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
        stock.initialize("Stock", "STK", "US0000000000", 1, 0);
        registry.registerToken(STOCK);
        IRegistry.Entry[] memory entries = new IRegistry.Entry[](1);
        entries[0] = IRegistry.Entry(1, ALICE, 276, 1, EXPIRY);
        registry.onboard(bytes32(uint256(1)), entries);
        stock.mint(ALICE, 1 ether);
        // Without a copy of her clearance in the stock there would be nothing to prove.
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
