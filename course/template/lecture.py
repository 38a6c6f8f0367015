# %% [markdown]
# # TITLE
#
# Which question would a person ask that this chapter answers? Ask it here, before any
# formula. This page shows the markup with a small, complete example; replace it.
#
# A table's columns come in different units. How do we make them comparable?
#
# You need [features](00).

# %%
import torch

from utils import plots
from utils.device import set_seed

plots.use_style()
set_seed(0)

# %% [markdown]
# ## The idea
#
# Each column is a [feature](00 "features"). Shift it to mean 0 and scale it to standard
# deviation 1. For a table $X$ with columns $x_j$, mean $\mu_j$ and standard deviation
# $\sigma_j$:
#
# $$z_j = \frac{x_j - \mu_j}{\sigma_j}$$
#
# In the figure, look at where each histogram is centred, before and after.

# %%
X = torch.randn(500, 2) * torch.tensor([1.0, 4.0]) + torch.tensor([0.0, 9.0])
Z = (X - X.mean(dim=0)) / X.std(dim=0, correction=0)
fig, axes = plots.figure(ncols=2)
for ax, table, title in zip(axes, (X, Z), ("before", "after"), strict=True):
    for j, style in enumerate(("solid", "dashed")):
        ax.hist(table[:, j].numpy(), bins=30, histtype="step", ls=style, label=f"x{j}")
    ax.set(title=title, xlabel="value", ylabel="examples")
    ax.legend()
plots.show(fig, alt="Two histograms: far apart before scaling, on one another after.")

# %% [markdown]
# Every number that the text claims is computed and guarded beside it: after scaling,
# both columns have mean 0 and standard deviation 1.

# %%
assert Z.mean(dim=0).abs().max() < 1e-5
assert (Z.std(dim=0, correction=0) - 1).abs().max() < 1e-5
metrics = {"largest mean after scaling": Z.mean(dim=0).abs().max().item()}

# %% [markdown]
# ## One wrong entry
#
# A reader who has committed to a guess learns from the surprise: ask before you show.

# %% [markdown] predict="one_wrong_entry"
# **Predict.** One of the 500 entries of a column is mistyped: 1000. The column is
# standardised again. What happens to the other 499?
#
# - Their standard deviation stays near 1.
#   wrong: one of 500 thought too few to matter. The deviation squares distances, and
#   this one is a thousand times the usual: it alone makes up nearly the whole sum.
# - They are squeezed together.
#   right: the column is divided by a deviation that the one entry has made about 45
#   times larger, so that the other 499 keep a small part of their spread.
# - They are spread further apart.
#   wrong: a larger deviation thought to spread the values. We divide by it, so that
#   what is large in the denominator makes all values small.

# %%
mistyped = X[:, 0].clone()
mistyped[0] = 1000.0
z = (mistyped - mistyped.mean()) / mistyped.std(correction=0)
others = z[1:].std(correction=0)
print(f"spread of the other 499: {others:.3f}; before: {Z[1:, 0].std():.3f}")
assert others < 0.05

# %% [markdown]
# ## Summary
#
# - Columns in different units become comparable when each is shifted and scaled.
#
# ## Further reading
#
# - The book's section on the topic, and the paper it comes from, with its year.
